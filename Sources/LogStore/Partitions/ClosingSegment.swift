import RecordFormat
import Synchronization

/// A full segment that has no seal yet.
struct ClosingSegment: Sendable {
    let file: any DiskFile
    let end: LogPosition
    let appendTimes: ClosedRange<Timestamp>

    /// Writes the segment's indexes and its seal. Its bytes must be synced, and its file cut to its size. The seal's name is
    /// durable once the folder is synced.
    func seal(in partition: Partition, on disk: any Disk) throws(DiskError) {
        let base = end.segmentBase
        try Self.writeIndexes(of: base, in: partition, on: disk)
        let seal = SegmentSeal(
            topicID: partition.topicID, partition: partition.topicPartition.partition, logChecksum: end.checksum,
            baseOffset: base, nextOffset: end.nextOffset, logSize: Int64(end.size),
            smallestAppendTime: appendTimes.lowerBound, largestAppendTime: appendTimes.upperBound)
        // The rename makes it whole or absent.
        try disk.replace(partition.path + "/" + SegmentName.seal(base), with: seal.encoded, in: partition.path)
        partition.segments.withLock { segments in
            guard let place = segments.firstIndex(where: { $0.base == base }) else { return }
            segments[place].appendTimes = appendTimes
        }
    }

    static func writeIndexes(of base: Offset, in partition: Partition, on disk: any Disk) throws(DiskError) {
        let found = partition.segments.withLock { segments in segments.first { $0.base == base }?.index }
        guard let index = found else { return }
        let cache = try disk.open(partition.path + "/" + SegmentName.index(base), .createEmpty)
        // Not synced: a cache is rebuilt when it is not there.
        try cache.writeAll(index.encoded, at: 0)
    }
}
