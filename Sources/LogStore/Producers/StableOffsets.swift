package import RecordFormat
import Synchronization

/// Which records a reader is to be shown.
package enum Isolation: Sendable, Equatable {
    /// All below the high watermark.
    case uncommitted
    /// Those below the last stable offset; the reader leaves out what was aborted.
    case committed
}

/// The last stable offset of a partition: the first offset of its oldest open transaction, otherwise its high watermark.
///
/// It moves in the step that moves the high watermarks, so that a transaction whose markers share a commit round shows in all of
/// its partitions at one moment. After a start nobody has looked for open transactions yet: that reads the newest segment, and
/// is done for the partitions for which somebody asks.
extension LogDirectory {
    /// - Returns: `nil` until ``findStableOffset(of:)`` was called.
    package func lastStableOffset(of partition: Partition) -> Offset? {
        watermarks.stableOffset(of: partition.slot).map { max($0, partition.logStart) }
    }

    /// Those of several partitions at one moment: no transaction ends between two of them.
    /// - Returns: `nil` until ``findStableOffset(of:)`` was called for each of them.
    package func lastStableOffsets(of partitions: [Partition]) -> [Offset]? {
        guard let offsets = watermarks.stableOffsets(of: partitions.map(\.slot)) else { return nil }
        return zip(offsets, partitions).map { max($0, $1.logStart) }
    }

    /// Looks for open transactions, if nobody has. Blocking, while a commit round runs as well.
    /// - Throws: `.storage` if the disk refuses to read; why the partition takes no appends, if it has failed.
    package func findStableOffset(of partition: Partition) throws(LogStoreError) -> Offset {
        if let known = lastStableOffset(of: partition) { return known }
        let (slot, now) = (partition.slot, clock.wall())
        return try committing.withLock { state throws(LogStoreError) in
            try state.check(partition)
            do throws(DiskError) {
                let start = try state.writers[slot].withLock { (writer) throws(DiskError) -> Offset? in
                    if writer.producers == nil { try writer.loadProducers(at: now) }
                    return writer.producers?.oldestOpenStart
                }
                watermarks.publish([], opens: [(slot, start)])
            } catch {
                throw LogStoreError("Cannot read what producers wrote to \(partition.topicPartition)", error)
            }
            return lastStableOffset(of: partition) ?? partition.logStart
        }
    }
}
