/// The leader hands in the assignment, and every member gets its own.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the throttle time |
/// | 2 | the broker answers before it throttles |
/// | 3 | static members |
/// | 4 | enables flexible versions |
/// | 5 | the protocol's type and name |
package enum SyncGroup: WireAPI {
    package static let key = ApiKey.syncGroup
    package static let versions: ClosedRange<Int16> = 0...5
    package static let firstFlexibleVersion: Int16? = 4
}

extension SyncGroup {
    package struct Request: WireStruct {
        package var groupID: String = ""
        package var generationID: Int32 = 0
        package var memberID: String = ""
        package var groupInstanceID: String?
        package var protocolType: String?
        package var protocolName: String?
        /// From the leader only; empty from the others.
        package var assignments: [Assignment] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&generationID)
            try wire.field(&memberID)
            try wire.field(&groupInstanceID, from: 3)
            try wire.field(&protocolType, from: 5)
            try wire.field(&protocolName, from: 5)
            try wire.field(&assignments)
            try wire.tags()
        }
    }
}

extension SyncGroup.Request {
    package struct Assignment: WireStruct {
        package var memberID: String = ""
        package var assignment: [UInt8] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&memberID)
            try wire.field(&assignment)
            try wire.tags()
        }
    }
}

extension SyncGroup {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var protocolType: String?
        package var protocolName: String?
        package var assignment: [UInt8] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 1)
            try wire.field(&errorCode)
            try wire.field(&protocolType, from: 5)
            try wire.field(&protocolName, from: 5)
            try wire.field(&assignment)
            try wire.tags()
        }
    }
}
