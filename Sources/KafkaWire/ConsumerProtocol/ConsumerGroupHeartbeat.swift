/// The one request of a member in the consumer protocol (KIP-848): joins, lives, is assigned partitions, leaves.
/// Flexible from the start.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | a pattern of topics; the member makes its own id |
package enum ConsumerGroupHeartbeat: WireAPI {
    package static let key = ApiKey.consumerGroupHeartbeat
    package static let versions: ClosedRange<Int16> = 0...1
    package static let firstFlexibleVersion: Int16? = 0
}

extension ConsumerGroupHeartbeat {
    package struct Request: WireStruct {
        package var groupID: String = ""
        package var memberID: String = ""
        /// 0: joins. -1: leaves. -2: a static member leaves for a while.
        package var memberEpoch: Int32 = 0
        package var instanceID: String?
        package var rackID: String?
        /// -1: as before.
        package var rebalanceTimeoutMs: Int32 = -1
        /// `nil`: as before.
        package var subscribedTopicNames: [String]?
        /// `nil`: as before. RE2.
        package var subscribedTopicRegex: String?
        /// `nil`: as before.
        package var serverAssignor: String?
        /// What the member owns; `nil`: as before.
        package var topicPartitions: [TopicPartition]?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&groupID)
            try wire.field(&memberID)
            try wire.field(&memberEpoch)
            try wire.field(&instanceID)
            try wire.field(&rackID)
            try wire.field(&rebalanceTimeoutMs)
            try wire.field(&subscribedTopicNames)
            try wire.field(&subscribedTopicRegex, from: 1)
            try wire.field(&serverAssignor)
            try wire.field(&topicPartitions)
            try wire.tags()
        }
    }
}

extension ConsumerGroupHeartbeat.Request {
    package struct TopicPartition: WireStruct {
        package var topicID: WireUUID = .zero
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topicID)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}

extension ConsumerGroupHeartbeat {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var memberID: String?
        package var memberEpoch: Int32 = 0
        package var heartbeatIntervalMs: Int32 = 0
        /// `nil`: as before.
        package var assignment: Assignment?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&memberID)
            try wire.field(&memberEpoch)
            try wire.field(&heartbeatIntervalMs)
            try wire.field(&assignment)
            try wire.tags()
        }
    }
}

extension ConsumerGroupHeartbeat.Response {
    package struct Assignment: WireStruct {
        package var topicPartitions: [TopicPartitions] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topicPartitions)
            try wire.tags()
        }
    }
}

extension ConsumerGroupHeartbeat.Response {
    package struct TopicPartitions: WireStruct {
        package var topicID: WireUUID = .zero
        package var partitions: [Int32] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&topicID)
            try wire.field(&partitions)
            try wire.tags()
        }
    }
}
