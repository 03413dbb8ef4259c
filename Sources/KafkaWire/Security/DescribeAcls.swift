/// Tells who may do what.
///
/// | version | adds |
/// |--------:|:-----|
/// | 2 | enables flexible versions |
/// | 3 | users as resources |
package enum DescribeAcls: WireAPI {
    package static let key = ApiKey.describeAcls
    package static let versions: ClosedRange<Int16> = 1...3
    package static let firstFlexibleVersion: Int16? = 2
}

extension DescribeAcls {
    package struct Request: WireStruct {
        package var resourceTypeFilter: Int8 = 0
        /// `nil`: any.
        package var resourceNameFilter: String?
        /// 1: any, 2: match, 3: literal, 4: prefixed.
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

extension DescribeAcls {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var resources: [Resource] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&resources)
            try wire.tags()
        }
    }
}

extension DescribeAcls.Response {
    package struct Resource: WireStruct {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        /// 3: literal, 4: prefixed.
        package var patternType: Int8 = 3
        package var acls: [Acl] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&resourceType)
            try wire.field(&resourceName)
            try wire.field(&patternType)
            try wire.field(&acls)
            try wire.tags()
        }
    }
}

extension DescribeAcls.Response.Resource {
    package struct Acl: WireStruct {
        package var principal: String = ""
        package var host: String = ""
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&principal)
            try wire.field(&host)
            try wire.field(&operation)
            try wire.field(&permissionType)
            try wire.tags()
        }
    }
}
