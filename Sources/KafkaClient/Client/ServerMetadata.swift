internal import CRdKafka

/// What a server says of itself and its topics, in librdkafka's memory.
struct ServerMetadata: ~Copyable {
    private let pointer: UnsafePointer<rd_kafka_metadata>

    init(owning pointer: UnsafePointer<rd_kafka_metadata>) { self.pointer = pointer }

    deinit { rd_kafka_metadata_destroy(pointer) }

    /// - Returns: each topic with the error that it has, if it has one, such as that it is not there.
    func topics() -> [(topic: KafkaTopic, error: rd_kafka_resp_err_t)] {
        UnsafeBufferPointer(start: pointer.pointee.topics, count: Int(pointer.pointee.topic_cnt)).map { topic in
            let partitions = UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt)).map {
                KafkaTopic.Partition(
                    index: $0.id, leader: $0.leader < 0 ? nil : $0.leader,
                    replicas: Array(UnsafeBufferPointer(start: $0.replicas, count: Int($0.replica_cnt))),
                    inSync: Array(UnsafeBufferPointer(start: $0.isrs, count: Int($0.isr_cnt))))
            }
            return (
                KafkaTopic(name: String(cString: topic.topic), partitions: partitions.sorted { $0.index < $1.index }),
                topic.err
            )
        }
    }
}

/// A topic and where its partitions are, as a server tells.
package struct KafkaTopic: Sendable, Equatable {
    package struct Partition: Sendable, Equatable {
        package let index: Int32
        /// `nil`: none at the moment.
        package let leader: Int32?
        package let replicas: [Int32]
        package let inSync: [Int32]
    }

    package let name: String
    /// By number.
    package let partitions: [Partition]
}
