import RecordFormat
import Synchronization

/// A full segment that has no seal yet.
struct ClosingSegment: Sendable {
    let file: any DiskFile
    let end: LogPosition
    let appendTimes: ClosedRange<Timestamp>
    /// At its end; `nil` if nobody needed them yet.
    let producers: ProducerStates?

    /// Writes the segment's indexes, its seal, and the snapshot of producers with which the next segment begins. Its bytes must
    /// be synced, and its file cut to its size. The seal's name is durable once the folder is synced.
    func seal(in partition: Partition, on disk: any Disk) throws(DiskError) {
        let base = end.segmentBase
        var (indexes, states) = try known(of: partition, on: disk)
        states.skip(to: end.nextOffset)
        // Those that end earlier met damage.
        let sealed =
            indexes.end == end.size ? try indexes.write(base: base, in: partition.path, on: disk) : nil
        try ProducerSnapshots.write(states, of: partition, on: disk)
        let seal = SegmentSeal(
            topicID: partition.topicID, partition: partition.topicPartition.partition, logChecksum: end.checksum,
            baseOffset: base, nextOffset: end.nextOffset, logSize: Int64(end.size),
            smallestAppendTime: appendTimes.lowerBound, largestAppendTime: appendTimes.upperBound, indexes: sealed,
            fingerprint: end.fingerprint)
        // The rename makes it whole or absent.
        try disk.replace(partition.path + "/" + SegmentName.seal(base), with: seal.encoded, in: partition.path)
        partition.segments.withLock { segments in
            guard let place = segments.firstIndex(where: { $0.base == base }) else { return }
            segments[place].appendTimes = appendTimes
            // Whoever needs them again loads them.
            segments[place].indexes = nil
            segments[place].access.noteSealed(sealed)
        }
    }

    /// The indexes as they grew, or after a start in this segment by one walk, and the producers at the segment's end.
    private func known(of partition: Partition, on disk: any Disk) throws(DiskError) -> (SegmentIndexes, ProducerStates)
    {
        let base = end.segmentBase
        let grown = partition.segments.withLock { segments in segments.first { $0.base == base }?.indexes }
        if let grown, grown.end == end.size {
            if let producers { return (grown, producers) }
            let upTo = grown.hasProducers ? end.nextOffset : base
            return (
                grown,
                try partition.loadProducers(at: upTo, appendTime: appendTimes.upperBound, on: disk)
            )
        }
        var indexes = SegmentIndexes()
        var states: ProducerStates? = try partition.loadProducers(
            at: base, appendTime: appendTimes.upperBound, on: disk)
        _ = try indexes.walk(
            file, to: end.size, base: base, from: base, producers: &states, appendTime: appendTimes.upperBound)
        return (indexes, producers ?? states ?? ProducerStates(at: base))
    }
}
