/// Changes single settings of topics and brokers.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | enables flexible versions |
package enum IncrementalAlterConfigs: WireAPI {
    package static let key = ApiKey.incrementalAlterConfigs
    package static let versions: ClosedRange<Int16> = 0...1
    package static let firstFlexibleVersion: Int16? = 1
}

extension IncrementalAlterConfigs {
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

extension IncrementalAlterConfigs.Request {
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

extension IncrementalAlterConfigs.Request.Resource {
    package struct Config: WireStruct {
        package var name: String = ""
        /// 0: set. 1: delete. 2: append to a list. 3: take out of a list.
        package var configOperation: Int8 = 0
        package var value: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&configOperation)
            try wire.field(&value)
            try wire.tags()
        }
    }
}

extension IncrementalAlterConfigs {
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

extension IncrementalAlterConfigs.Response {
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
