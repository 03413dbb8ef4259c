/// Deletes groups without members.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the broker answers before it throttles |
/// | 2 | enables flexible versions |
package enum DeleteGroups: WireAPI {
    package static let key = ApiKey.deleteGroups
    package static let versions: ClosedRange<Int16> = 0...2
    package static let firstFlexibleVersion: Int16? = 2
}

extension DeleteGroups {
    package struct Request: WireStruct {
        package var groupsNames: [String] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupsNames)
            try wire.tags()
        }
    }
}

extension DeleteGroups {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var results: [Result] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&results)
            try wire.tags()
        }
    }
}

extension DeleteGroups.Response {
    package struct Result: WireStruct {
        package var groupID: String = ""
        package var errorCode: ErrorCode = .none

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&errorCode)
            try wire.tags()
        }
    }
}
