package import RecordFormat
import Synchronization

/// One partition of a topic: its name, its folder, and the segments that readers may look into.
///
/// Appends go through ``LogDirectory/stage(_:)``, because several partitions may belong to one commit.
package final class Partition: Sendable {
    package let topicPartition: TopicPartition
    package let topicID: Identifier
    /// Index of this partition in everything the directory keeps per partition.
    let slot: Int
    package let path: String
    /// Oldest first, never empty; neighbours may leave a gap where damage was found.
    let segments: Mutex<[Segment]>

    init(_ topicPartition: TopicPartition, topicID: Identifier, slot: Int, path: String, segments: [Segment]) {
        precondition(!segments.isEmpty, "\(topicPartition) was opened without a segment")
        self.topicPartition = topicPartition
        self.topicID = topicID
        self.slot = slot
        self.path = path
        self.segments = Mutex(segments)
    }

    /// The oldest offset kept.
    package var logStart: Offset { segments.withLock { $0.first?.base ?? .zero } }

    /// The offset after the last synced record, published or not.
    package var syncedEnd: Offset { segments.withLock { $0.last?.nextOffset ?? .zero } }

    /// Synced bytes of all segments.
    package var sizeInBytes: Int { segments.withLock { $0.reduce(0) { $0 + $1.size } } }
}
