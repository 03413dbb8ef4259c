/// Tells the configuration of topics and brokers.
///
/// | version | adds |
/// |--------:|:-----|
/// | 2 | the broker answers before it throttles |
/// | 3 | types and documentation |
/// | 4 | enables flexible versions |
package enum DescribeConfigs: WireAPI {
    package static let key = ApiKey.describeConfigs
    package static let versions: ClosedRange<Int16> = 1...4
    package static let firstFlexibleVersion: Int16? = 4
}

extension DescribeConfigs {
    package struct Request: WireStruct {
        package var resources: [Resource] = []
        package var includeSynonyms: Bool = false
        package var includeDocumentation: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&resources)
            try wire.field(&includeSynonyms)
            try wire.field(&includeDocumentation, from: 3)
            try wire.tags()
        }
    }
}

extension DescribeConfigs.Request {
    package struct Resource: WireStruct {
        /// 2: a topic. 4: a broker. 8: its logging. 32: a group.
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        /// `nil`: all.
        package var configurationKeys: [String]?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&resourceType)
            try wire.field(&resourceName)
            try wire.field(&configurationKeys)
            try wire.tags()
        }
    }
}

extension DescribeConfigs {
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

extension DescribeConfigs.Response {
    package struct Result: WireStruct {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var resourceType: Int8 = 0
        package var resourceName: String = ""
        package var configs: [Config] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&resourceType)
            try wire.field(&resourceName)
            try wire.field(&configs)
            try wire.tags()
        }
    }
}

extension DescribeConfigs.Response.Result {
    package struct Config: WireStruct {
        package var name: String = ""
        /// `nil` if it is sensitive.
        package var value: String?
        package var readOnly: Bool = false
        /// 1: the topic. 2: this broker, 3: all brokers, changed at run time. 4: the broker's file. 5: the default. 7:
        /// the group.
        package var configSource: Int8 = -1
        package var isSensitive: Bool = false
        package var synonyms: [Synonym] = []
        /// 1: boolean, 2: string, 3: int, 4: short, 5: long, 6: double, 7: list, 8: class, 9: password.
        package var configType: Int8 = 0
        package var documentation: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&value)
            try wire.field(&readOnly)
            try wire.field(&configSource)
            try wire.field(&isSensitive)
            try wire.field(&synonyms)
            try wire.field(&configType, from: 3)
            try wire.field(&documentation, from: 3)
            try wire.tags()
        }
    }
}

extension DescribeConfigs.Response.Result.Config {
    package struct Synonym: WireStruct {
        package var name: String = ""
        package var value: String?
        package var source: Int8 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&value)
            try wire.field(&source)
            try wire.tags()
        }
    }
}
