package import RecordFormat
import Synchronization

/// One partition of a topic: its name, its folder, and the segments that readers may look into.
///
/// Appends go through ``LogDirectory/stage(_:)``, because several partitions may belong to one commit.
package final class Partition: Sendable {
    package let topicPartition: TopicPartition
    package let topicID: Identifier
    /// Index of this partition in everything the directory keeps per partition.
    package let slot: Int
    package let path: String
    /// Oldest first, empty only once the partition is deleted; neighbours may leave a gap where damage was found.
    let segments: Mutex<[Segment]>
    /// Held by whoever removes or replaces files of closed segments: a deletion and a compaction must not meet. Taken before
    /// every other lock.
    let maintenance = Mutex(Maintenance())
    /// Set with its policy, before the first append, if it is written by whoever appends: a buffered one.
    let directWriter = Mutex<SharedWriter?>(nil)
    private let deleted = Atomic<Bool>(false)
    private let start: Atomic<Int64>
    private let synced: Atomic<Int64>

    struct Maintenance {
        /// There is a compaction: a second one would write into the same files.
        var isCompacting = false
        /// An error has ended a compaction half way, or it was dropped (``finishReplacements(on:)``).
        var isInterrupted = false
        /// Base offsets of deleted segments whose files are still there.
        var undeleted: [Offset] = []
    }

    init(
        _ topicPartition: TopicPartition, topicID: Identifier, slot: Int, path: String, segments: [Segment],
        logStart: Offset
    ) {
        precondition(!segments.isEmpty, "\(topicPartition) was opened without a segment")
        self.topicPartition = topicPartition
        self.topicID = topicID
        self.slot = slot
        self.path = path
        self.segments = Mutex(segments)
        start = Atomic(logStart.rawValue)
        synced = Atomic(segments.last?.nextOffset.rawValue ?? 0)
    }

    /// The oldest offset kept. It may lie inside the oldest segment, and never goes back.
    package var logStart: Offset { Offset(start.load(ordering: .acquiring)) }

    /// Called once the new start is durable.
    func noteLogStart(_ offset: Offset) { start.max(offset.rawValue, ordering: .releasing) }

    /// The offset after the last synced record, published or not.
    package var syncedEnd: Offset { Offset(synced.load(ordering: .acquiring)) }

    func noteSynced(_ offset: Offset) { synced.store(offset.rawValue, ordering: .releasing) }

    /// The topic is gone. The folder of this name may be another one's by now.
    package var isDeleted: Bool { deleted.load(ordering: .acquiring) }

    /// From now on no reader finds a segment; those that have one keep its file.
    func noteDeleted() {
        deleted.store(true, ordering: .releasing)
        segments.withLock { $0 = [] }
    }

    /// Bytes of all segments that readers may know of.
    package var sizeInBytes: Int { segments.withLock { $0.reduce(0) { $0 + $1.size } } }
}
