/// Replaces all settings of topics and brokers; ``IncrementalAlterConfigs`` has taken its place.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the broker answers before it throttles |
/// | 2 | enables flexible versions |
package enum AlterConfigs: WireAPI {
    package static let key = ApiKey.alterConfigs
    package static let versions: ClosedRange<Int16> = 0...2
    package static let firstFlexibleVersion: Int16? = 2
}

extension AlterConfigs {
    package struct Request: WireStruct {
        package var resources: [Resource] = []
        /// Nothing is changed.
        package var validateOnly: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&resources)
            try wire.field(&validateOnly)
            try wire.tags()
        }
    }
}

extension AlterConfigs.Request {
    package struct Resource: WireStruct {
        /// As in ``DescribeConfigs``.
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configs: [Config] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&resourceType)
            try wire.field(&resourceName)
            try wire.field(&configs)
            try wire.tags()
        }
    }
}

extension AlterConfigs.Request.Resource {
    package struct Config: WireStruct {
        package var name: String = ""
        package var value: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&value)
            try wire.tags()
        }
    }
}

extension AlterConfigs {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var responses: [Resource] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&responses)
            try wire.tags()
        }
    }
}

extension AlterConfigs.Response {
    package struct Resource: WireStruct {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var resourceType: Int8 = 0
        package var resourceName: String = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&resourceType)
            try wire.field(&resourceName)
            try wire.tags()
        }
    }
}
