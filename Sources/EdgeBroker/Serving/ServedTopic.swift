import LogStore
import RecordFormat

/// A topic as a listener tells its clients of it.
package struct ServedTopic: Sendable {
    package struct Partition: Sendable {
        package let index: Int32
        package let leaderEpoch: Int32
    }

    package let name: String
    /// 16 bytes.
    package let id: [UInt8]
    package let isInternal: Bool
    package let partitions: [Partition]

    /// Whether a topic of this name could be.
    package static func isValid(_ name: String) -> Bool {
        do throws(BrokerError) {
            try TopicNameRules.checkOutside(name)
            return true
        } catch {
            return false
        }
    }
}

extension Broker {
    /// Of this log, for ever.
    package var clusterID: String { "\(directory.identity)" }

    /// Every topic that a client may read, by name.
    package var servedTopics: [ServedTopic] { catalogue.all.map(serve) }

    package func servedTopic(_ name: String) -> ServedTopic? { catalogue.topic(name).map(serve) }

    /// - Parameter id: 16 bytes.
    package func servedTopic(id: [UInt8]) -> ServedTopic? {
        guard let id = Identifier(id) else { return nil }
        return catalogue.topic(id: id).map(serve)
    }

    private func serve(_ topic: Topic) -> ServedTopic {
        ServedTopic(
            name: topic.name, id: topic.id.bytes, isInternal: topic.isInternal,
            partitions: topic.partitions.map { partition in
                ServedTopic.Partition(
                    index: partition.topicPartition.partition, leaderEpoch: directory.leaderEpoch(of: partition))
            })
    }
}
