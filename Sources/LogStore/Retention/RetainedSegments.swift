package import RecordFormat
import Synchronization

extension LogDirectory {
    /// What retention has to know of the segments of partitions, each oldest first; the last one is being written. Waits once for the
    /// commit round that runs, however many partitions there are.
    package func retainedSegments(of partitions: [Partition]) -> [TopicPartition: [RetainedSegment]] {
        let writers = committing.withLock { state in partitions.map { state.writers[$0.slot] } }
        var all: [TopicPartition: [RetainedSegment]] = [:]
        all.reserveCapacity(partitions.count)
        for (partition, writer) in zip(partitions, writers) {
            let newest = Self.newestAppend(of: writer)
            all[partition.topicPartition] = partition.segments.withLock { segments in
                segments.enumerated().map { place, segment in
                    RetainedSegment(
                        base: segment.base, nextOffset: segment.nextOffset, bytes: Int64(segment.size),
                        newestAppend: place == segments.count - 1 ? newest : segment.appendTimes?.upperBound)
                }
            }
        }
        return all
    }

    /// Of one partition.
    package func retainedSegments(of partition: Partition) -> [RetainedSegment] {
        retainedSegments(of: [partition])[partition.topicPartition] ?? []
    }

    /// When something was last appended anywhere, by the clock that appends are stamped with; `nil` in a log in which nobody
    /// knows of an append.
    package var newestAppend: Timestamp? {
        let writers = committing.withLock { state in
            state.writers.indices.filter { !state.retired.contains($0) }.map { state.writers[$0] }
        }
        return writers.compactMap(Self.newestAppend).max()
    }

    private static func newestAppend(of writer: SharedWriter) -> Timestamp? {
        let time = writer.withLock { $0.lastAppendTime }
        return time.millisecondsSince1970 > 0 ? time : nil
    }
}
