/// Takes members out of a group.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the throttle time |
/// | 2 | the broker answers before it throttles |
/// | 3 | many members at once, static ones too |
/// | 4 | enables flexible versions |
/// | 5 | the reason |
package enum LeaveGroup: WireAPI {
    package static let key = ApiKey.leaveGroup
    package static let versions: ClosedRange<Int16> = 0...5
    package static let firstFlexibleVersion: Int16? = 4
}

extension LeaveGroup {
    package struct Request: WireStruct {
        package var groupID: String = ""
        /// Up to version 2.
        package var memberID: String = ""
        /// From version 3 on.
        package var members: [Member] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&memberID, upTo: 2)
            try wire.field(&members, from: 3)
            try wire.tags()
        }
    }
}

extension LeaveGroup.Request {
    package struct Member: WireStruct {
        package var memberID: String = ""
        package var groupInstanceID: String?
        package var reason: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&memberID)
            try wire.field(&groupInstanceID)
            try wire.field(&reason, from: 5)
            try wire.tags()
        }
    }
}

extension LeaveGroup {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var members: [Member] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 1)
            try wire.field(&errorCode)
            try wire.field(&members, from: 3)
            try wire.tags()
        }
    }
}

extension LeaveGroup.Response {
    package struct Member: WireStruct {
        package var memberID: String = ""
        package var groupInstanceID: String?
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&memberID)
            try wire.field(&groupInstanceID)
            try wire.field(&errorCode)
            try wire.tags()
        }
    }
}
