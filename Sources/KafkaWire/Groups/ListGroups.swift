/// Names the groups.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the throttle time |
/// | 2 | the broker answers before it throttles |
/// | 3 | enables flexible versions |
/// | 4 | states |
/// | 5 | types |
package enum ListGroups: WireAPI {
    package static let key = ApiKey.listGroups
    package static let versions: ClosedRange<Int16> = 0...5
    package static let firstFlexibleVersion: Int16? = 3
}

extension ListGroups {
    package struct Request: WireStruct {
        /// Empty: all.
        package var statesFilter: [String] = []
        /// Empty: all.
        package var typesFilter: [String] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&statesFilter, from: 4)
            try wire.field(&typesFilter, from: 5)
            try wire.tags()
        }
    }
}

extension ListGroups {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var groups: [Group] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 1)
            try wire.field(&errorCode)
            try wire.field(&groups)
            try wire.tags()
        }
    }
}

extension ListGroups.Response {
    package struct Group: WireStruct {
        package var groupID: String = ""
        package var protocolType: String = ""
        package var groupState: String = ""
        /// `classic` or `consumer`.
        package var groupType: String = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&protocolType)
            try wire.field(&groupState, from: 4)
            try wire.field(&groupType, from: 5)
            try wire.tags()
        }
    }
}
