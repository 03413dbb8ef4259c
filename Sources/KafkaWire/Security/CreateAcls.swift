/// Says who may do what.
///
/// | version | adds |
/// |--------:|:-----|
/// | 2 | enables flexible versions |
/// | 3 | users as resources |
package enum CreateAcls: WireAPI {
    package static let key = ApiKey.createAcls
    package static let versions: ClosedRange<Int16> = 1...3
    package static let firstFlexibleVersion: Int16? = 2
}

extension CreateAcls {
    package struct Request: WireStruct {
        package var creations: [Creation] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&creations)
            try wire.tags()
        }
    }
}

extension CreateAcls.Request {
    package struct Creation: WireStruct {
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        /// 3: literal, 4: prefixed.
        package var resourcePatternType: Int8 = 3
        package var principal: String = ""
        package var host: String = ""
        package var operation: Int8 = 0
        package var permissionType: Int8 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&resourceType)
            try wire.field(&resourceName)
            try wire.field(&resourcePatternType)
            try wire.field(&principal)
            try wire.field(&host)
            try wire.field(&operation)
            try wire.field(&permissionType)
            try wire.tags()
        }
    }
}

extension CreateAcls {
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

extension CreateAcls.Response {
    package struct Result: WireStruct {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.tags()
        }
    }
}
