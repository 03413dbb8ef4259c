/// Takes back who may do what.
///
/// | version | adds |
/// |--------:|:-----|
/// | 2 | enables flexible versions |
/// | 3 | users as resources |
package enum DeleteAcls: WireAPI {
    package static let key = ApiKey.deleteAcls
    package static let versions: ClosedRange<Int16> = 1...3
    package static let firstFlexibleVersion: Int16? = 2
}

extension DeleteAcls {
    package struct Request: WireStruct {
        package var filters: [Filter] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&filters)
            try wire.tags()
        }
    }
}

extension DeleteAcls.Request {
    package struct Filter: WireStruct {
        package var resourceTypeFilter: Int8 = 0
        /// `nil`: any.
        package var resourceNameFilter: String?
        package var patternTypeFilter: Int8 = 3
        /// `nil`: any.
        package var principalFilter: String?
        /// `nil`: any.
        package var hostFilter: String?
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&resourceTypeFilter)
            try wire.field(&resourceNameFilter)
            try wire.field(&patternTypeFilter)
            try wire.field(&principalFilter)
            try wire.field(&hostFilter)
            try wire.field(&operation)
            try wire.field(&permissionType)
            try wire.tags()
        }
    }
}

extension DeleteAcls {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var filterResults: [FilterResult] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&filterResults)
            try wire.tags()
        }
    }
}

extension DeleteAcls.Response {
    package struct FilterResult: WireStruct {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var matchingAcls: [MatchingAcl] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&matchingAcls)
            try wire.tags()
        }
    }
}

extension DeleteAcls.Response.FilterResult {
    package struct MatchingAcl: WireStruct {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var patternType: Int8 = 3
        package var principal: String = ""
        package var host: String = ""
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&resourceType)
            try wire.field(&resourceName)
            try wire.field(&patternType)
            try wire.field(&principal)
            try wire.field(&host)
            try wire.field(&operation)
            try wire.field(&permissionType)
            try wire.tags()
        }
    }
}
