/// Tells the partitions of topics, page by page. Flexible from the start.
package enum DescribeTopicPartitions: WireAPI {
    package static let key = ApiKey.describeTopicPartitions
    package static let versions: ClosedRange<Int16> = 0...0
    package static let firstFlexibleVersion: Int16? = 0
}

extension DescribeTopicPartitions {
    package struct Request: WireStruct {
        package var topics: [Topic] = []
        package var responsePartitionLimit: Int32 = 2000
        /// `nil`: from the start.
        package var cursor: Cursor?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topics)
            try wire.field(&responsePartitionLimit)
            try wire.field(&cursor)
            try wire.tags()
        }
    }
}

extension DescribeTopicPartitions.Request {
    package struct Topic: WireStruct {
        package var name: String = ""

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&name)
            try wire.tags()
        }
    }
}

extension DescribeTopicPartitions.Request {
    package struct Cursor: WireStruct {
        package var topicName: String = ""
        package var partitionIndex: Int32 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topicName)
            try wire.field(&partitionIndex)
            try wire.tags()
        }
    }
}

extension DescribeTopicPartitions {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var topics: [Topic] = []
        /// `nil`: this was the last page.
        package var nextCursor: Cursor?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&topics)
            try wire.field(&nextCursor)
            try wire.tags()
        }
    }
}

extension DescribeTopicPartitions.Response {
    package struct Topic: WireStruct {
        package var errorCode: ErrorCode = .none
        package var name: String?
        package var topicID: WireUUID = .zero
        package var isInternal: Bool = false
        package var partitions: [Partition] = []
        /// A bit mask.
        package var topicAuthorizedOperations: Int32 = .min

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&name)
            try wire.field(&topicID)
            try wire.field(&isInternal)
            try wire.field(&partitions)
            try wire.field(&topicAuthorizedOperations)
            try wire.tags()
        }
    }
}

extension DescribeTopicPartitions.Response.Topic {
    package struct Partition: WireStruct {
        package var errorCode: ErrorCode = .none
        package var partitionIndex: Int32 = 0
        package var leaderID: Int32 = 0
        package var leaderEpoch: Int32 = -1
        package var replicaNodes: [Int32] = []
        package var isrNodes: [Int32] = []
        /// Never null: Java's Admin does not expect it.
        package var eligibleLeaderReplicas: [Int32]? = []
        /// Never null: Java's Admin does not expect it.
        package var lastKnownElr: [Int32]? = []
        package var offlineReplicas: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&partitionIndex)
            try wire.field(&leaderID)
            try wire.field(&leaderEpoch)
            try wire.field(&replicaNodes)
            try wire.field(&isrNodes)
            try wire.field(&eligibleLeaderReplicas)
            try wire.field(&lastKnownElr)
            try wire.field(&offlineReplicas)
            try wire.tags()
        }
    }
}

extension DescribeTopicPartitions.Response {
    package struct Cursor: WireStruct {
        package var topicName: String = ""
        package var partitionIndex: Int32 = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topicName)
            try wire.field(&partitionIndex)
            try wire.tags()
        }
    }
}
