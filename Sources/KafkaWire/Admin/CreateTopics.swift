/// Creates topics.
///
/// | version | adds |
/// |--------:|:-----|
/// | 3 | the broker answers before it throttles |
/// | 4 | -1 for the broker's own number of partitions and replicas |
/// | 5 | enables flexible versions; the topic's configuration in the answer |
/// | 6 | a broker may answer THROTTLING_QUOTA_EXCEEDED |
/// | 7 | the topic id in the answer |
package enum CreateTopics: WireAPI {
    package static let key = ApiKey.createTopics
    package static let versions: ClosedRange<Int16> = 2...7
    package static let firstFlexibleVersion: Int16? = 5
}

extension CreateTopics {
    package struct Request: WireStruct {
        package var topics: [Topic] = []
        package var timeoutMs: Int32 = 60000
        /// Nothing is created.
        package var validateOnly: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topics)
            try wire.field(&timeoutMs)
            try wire.field(&validateOnly)
            try wire.tags()
        }
    }
}

extension CreateTopics.Request {
    package struct Topic: WireStruct {
        package var name: String = ""
        /// -1: as the broker is set, or as `assignments` say.
        package var numPartitions: Int32 = 0
        /// -1: as the broker is set, or as `assignments` say.
        package var replicationFactor: Int16 = 0
        package var assignments: [Assignment] = []
        package var configs: [Config] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&numPartitions)
            try wire.field(&replicationFactor)
            try wire.field(&assignments)
            try wire.field(&configs)
            try wire.tags()
        }
    }
}

extension CreateTopics.Request.Topic {
    package struct Assignment: WireStruct {
        package var partitionIndex: Int32 = 0
        package var brokerIDs: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&partitionIndex)
            try wire.field(&brokerIDs)
            try wire.tags()
        }
    }
}

extension CreateTopics.Request.Topic {
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

extension CreateTopics {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var topics: [Topic] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&topics)
            try wire.tags()
        }
    }
}

extension CreateTopics.Response {
    package struct Topic: WireStruct {
        package var name: String = ""
        package var topicID: WireUUID = .zero
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        /// Why `configs` are not told.
        package var topicConfigErrorCode: ErrorCode = .none
        package var numPartitions: Int32 = -1
        package var replicationFactor: Int16 = -1
        /// Never null: Java's Admin does not expect it.
        package var configs: [Config]? = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&topicID, from: 7)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&numPartitions, from: 5)
            try wire.field(&replicationFactor, from: 5)
            try wire.field(&configs, from: 5)
            var tags = try wire.beginTags()
            try wire.tag(0, &topicConfigErrorCode, in: &tags)
            try wire.endTags(&tags)
        }
    }
}

extension CreateTopics.Response.Topic {
    package struct Config: WireStruct {
        package var name: String = ""
        package var value: String?
        package var readOnly: Bool = false
        /// As in ``DescribeConfigs``.
        package var configSource: Int8 = -1
        package var isSensitive: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.field(&value)
            try wire.field(&readOnly)
            try wire.field(&configSource)
            try wire.field(&isSensitive)
            try wire.tags()
        }
    }
}
