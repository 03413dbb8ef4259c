package import RecordFormat
import Synchronization

extension LogDirectory {
    /// What retention has to know of a partition's segments, oldest first; the last one is being written.
    package func retainedSegments(of partition: Partition) -> [RetainedSegment] {
        let newest = newestAppend(of: partition)
        return partition.segments.withLock { segments in
            segments.enumerated().map { place, segment in
                RetainedSegment(
                    base: segment.base, nextOffset: segment.nextOffset, bytes: Int64(segment.size),
                    newestAppend: place == segments.count - 1 ? newest : segment.appendTimes?.upperBound)
            }
        }
    }

    /// When something was last appended anywhere, by the clock that appends are stamped with; `nil` in a log in which nobody
    /// knows of an append.
    package var newestAppend: Timestamp? { partitions.compactMap { newestAppend(of: $0) }.max() }

    private func newestAppend(of partition: Partition) -> Timestamp? {
        let time = committing.withLock { state in state.writers[partition.slot] }.withLock(\.lastAppendTime)
        return time.millisecondsSince1970 > 0 ? time : nil
    }
}
