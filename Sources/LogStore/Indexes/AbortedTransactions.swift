package import RecordFormat
import Synchronization

extension LogDirectory {
    /// The aborted transactions that have records among `offsets`: what a reader of committed records is to leave out. Blocking
    /// where indexes must be loaded.
    ///
    /// Only markers that readers may know of count, so `offsets` must end at or below the last stable offset.
    /// - Throws: `.storage` if the disk refuses to read.
    package func abortedTransactions(
        in partition: Partition, overlapping offsets: Range<Offset>
    ) throws(LogStoreError) -> [AbortedTransaction] {
        while true {
            if let found = try tryFindingAborted(in: partition, overlapping: offsets) { return found }
        }
    }

    /// - Returns: `nil` if a compaction or a deletion has taken a segment before it could be opened.
    private func tryFindingAborted(
        in partition: Partition, overlapping offsets: Range<Offset>
    ) throws(LogStoreError) -> [AbortedTransaction]? {
        let segments = partition.segments.withLock { segments in segments.map(FoundSegment.init) }
        var aborted: [AbortedTransaction] = []
        // A marker stands behind its records, perhaps in a later segment.
        for segment in segments where segment.nextOffset > offsets.lowerBound {
            do throws(DiskError) {
                if segment.file == nil, let sealed = try partition.sealedIndexes(of: segment, on: disk),
                    !sealed.hasProducers
                {
                    continue
                }
                if partition.withIndexes(of: segment, { _ in true }) == nil {
                    guard let file = try partition.openedIfHeld(segment, on: disk) else { return nil }
                    try partition.loadIndexes(of: segment, file, on: disk)
                }
            } catch {
                throw LogStoreError("Cannot read \(partition.topicPartition)", error)
            }
            guard let found = partition.withIndexes(of: segment, { $0.aborted.overlapping(offsets) }) else {
                return nil
            }
            aborted += found.transactions
            if found.isComplete { break }
        }
        return aborted
    }
}
