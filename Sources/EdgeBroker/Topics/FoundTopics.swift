import LogStore
import RecordFormat

/// Topics of which a damaged catalogue has lost the description.
///
/// Their folders tell name, id and partitions; who may write and how long records are kept, nobody knows any more. So they are
/// read and not written, and nothing of them goes.
enum FoundTopics {
    /// - Parameter partitions: of no topic that the catalogue describes.
    /// - Returns: those that hold records and have all partitions up to their last.
    static func among(_ partitions: [Partition]) -> [Topic] {
        Dictionary(grouping: partitions, by: \.topicPartition.topic).compactMap { name, partitions in
            let sorted = partitions.sorted { $0.topicPartition.partition < $1.topicPartition.partition }
            guard let id = sorted.first?.topicID, sorted.allSatisfy({ $0.topicID == id }),
                sorted.enumerated().allSatisfy({ $1.topicPartition.partition == Int32(exactly: $0) }),
                sorted.contains(where: { $0.syncedEnd > .zero })
            else { return nil }
            let writer = SourceLog.slot(ofIndex: name).map { TopicWriter.capture(slot: $0) } ?? .broker
            return Topic(name: name, id: id, writer: writer, keeping: .captured, partitions: sorted)
        }.sorted { $0.name < $1.name }
    }
}
