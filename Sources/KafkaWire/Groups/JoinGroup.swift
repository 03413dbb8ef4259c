/// Makes a client a member of a group, and waits until all members have joined.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the rebalance timeout |
/// | 2 | the throttle time |
/// | 3 | the broker answers before it throttles |
/// | 4 | a new member is given an id first (MEMBER_ID_REQUIRED), and joins with it |
/// | 5 | static members |
/// | 6 | enables flexible versions |
/// | 7 | the protocol's type in the answer |
/// | 8 | the reason |
/// | 9 | `skipAssignment` |
package enum JoinGroup: WireAPI {
    package static let key = ApiKey.joinGroup
    package static let versions: ClosedRange<Int16> = 0...9
    package static let firstFlexibleVersion: Int16? = 6
}

extension JoinGroup {
    package struct Request: WireStruct {
        package var groupID: String = ""
        package var sessionTimeoutMs: Int32 = 0
        /// -1: as long as the session timeout.
        package var rebalanceTimeoutMs: Int32 = -1
        /// Empty: not a member yet.
        package var memberID: String = ""
        /// Of a static member, which keeps its place when it restarts.
        package var groupInstanceID: String?
        package var protocolType: String = ""
        /// In order of preference.
        package var protocols: [GroupProtocol] = []
        package var reason: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&sessionTimeoutMs)
            try wire.field(&rebalanceTimeoutMs, from: 1)
            try wire.field(&memberID)
            try wire.field(&groupInstanceID, from: 5)
            try wire.field(&protocolType)
            try wire.field(&protocols)
            try wire.field(&reason, from: 8)
            try wire.tags()
        }
    }
}

extension JoinGroup.Request {
    package struct GroupProtocol: WireStruct {
        package var name: String = ""
        /// For the other members; the broker does not read it.
        package var metadata: [UInt8] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&metadata)
            try wire.tags()
        }
    }
}

extension JoinGroup {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var generationID: Int32 = -1
        package var protocolType: String?
        package var protocolName: String? = ""
        /// The member that computes the assignment.
        package var leader: String = ""
        /// The leader is told everything, but assigns nothing.
        package var skipAssignment: Bool = false
        package var memberID: String = ""
        /// For the leader only; empty for the others.
        package var members: [Member] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 2)
            try wire.field(&errorCode)
            try wire.field(&generationID)
            try wire.field(&protocolType, from: 7)
            try wire.field(&protocolName, nullableFrom: 7)
            try wire.field(&leader)
            try wire.field(&skipAssignment, from: 9)
            try wire.field(&memberID)
            try wire.field(&members)
            try wire.tags()
        }
    }
}

extension JoinGroup.Response {
    package struct Member: WireStruct {
        package var memberID: String = ""
        package var groupInstanceID: String?
        package var metadata: [UInt8] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&memberID)
            try wire.field(&groupInstanceID, from: 5)
            try wire.field(&metadata)
            try wire.tags()
        }
    }
}
