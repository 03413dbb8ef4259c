/// Tells that a member lives, and learns whether the group rebalances.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the throttle time |
/// | 2 | the broker answers before it throttles |
/// | 3 | static members |
/// | 4 | enables flexible versions |
package enum Heartbeat: WireAPI {
    package static let key = ApiKey.heartbeat
    package static let versions: ClosedRange<Int16> = 0...4
    package static let firstFlexibleVersion: Int16? = 4
}

extension Heartbeat {
    package struct Request: WireStruct {
        package var groupID: String = ""
        package var generationID: Int32 = 0
        package var memberID: String = ""
        package var groupInstanceID: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&generationID)
            try wire.field(&memberID)
            try wire.field(&groupInstanceID, from: 3)
            try wire.tags()
        }
    }
}

extension Heartbeat {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 1)
            try wire.field(&errorCode)
            try wire.tags()
        }
    }
}
