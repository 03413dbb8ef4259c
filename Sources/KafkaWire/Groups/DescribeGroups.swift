/// Tells the state and the members of groups.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the throttle time |
/// | 2 | the broker answers before it throttles |
/// | 3 | authorized operations |
/// | 4 | static members |
/// | 5 | enables flexible versions |
/// | 6 | an unknown group is an error, not a dead group |
package enum DescribeGroups: WireAPI {
    package static let key = ApiKey.describeGroups
    package static let versions: ClosedRange<Int16> = 0...6
    package static let firstFlexibleVersion: Int16? = 5
}

extension DescribeGroups {
    package struct Request: WireStruct {
        package var groups: [String] = []
        package var includeAuthorizedOperations: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groups)
            try wire.field(&includeAuthorizedOperations, from: 3)
            try wire.tags()
        }
    }
}

extension DescribeGroups {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var groups: [Group] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 1)
            try wire.field(&groups)
            try wire.tags()
        }
    }
}

extension DescribeGroups.Response {
    package struct Group: WireStruct {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var groupID: String = ""
        /// `Empty`, `PreparingRebalance`, `CompletingRebalance`, `Stable` or `Dead`.
        package var groupState: String = ""
        package var protocolType: String = ""
        package var protocolData: String = ""
        package var members: [Member] = []
        /// A bit mask, or the smallest number if nobody asked.
        package var authorizedOperations: Int32 = .min

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&errorMessage, from: 6)
            try wire.field(&groupID)
            try wire.field(&groupState)
            try wire.field(&protocolType)
            try wire.field(&protocolData)
            try wire.field(&members)
            try wire.field(&authorizedOperations, from: 3)
            try wire.tags()
        }
    }
}

extension DescribeGroups.Response.Group {
    package struct Member: WireStruct {
        package var memberID: String = ""
        package var groupInstanceID: String?
        package var clientID: String = ""
        package var clientHost: String = ""
        package var memberMetadata: [UInt8] = []
        package var memberAssignment: [UInt8] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&memberID)
            try wire.field(&groupInstanceID, from: 4)
            try wire.field(&clientID)
            try wire.field(&clientHost)
            try wire.field(&memberMetadata)
            try wire.field(&memberAssignment)
            try wire.tags()
        }
    }
}
