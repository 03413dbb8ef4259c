import RecordFormat
import Synchronization

/// From one segment to the next.
extension PartitionWriter {
    /// The longest step in which blocks are reserved ahead, so that a sync seldom has to write allocation records too. A
    /// segment that holds little reserves little: hundreds of quiet partitions must not fill a disk with promises.
    private static let longestReservation = 4 << 20
    private static let shortestReservation = 64 << 10

    /// What reserved blocks take beyond the bytes that are written.
    var reservedAhead: Int { max(0, reserved - written.size) }

    mutating func reserve(for end: Int) throws(DiskError) {
        if end <= reserved { return }
        let step = min(Self.longestReservation, max(Self.shortestReservation, end))
        let limit = policy.segmentBytes ?? defaultSegmentBytes
        let target = max(end, min((end / step + 1) * step, limit))
        reserved = target
        do throws(DiskError) {
            try file.preallocate(target)
        } catch {
            // A reservation only saves time. Where there is no room for it there may still be room for the bytes
            // themselves, and the write says so if not.
            if !error.isNoSpace { throw error }
        }
    }

    /// What is known of the active segment as it ends.
    private var end: ClosingSegment {
        ClosingSegment(
            file: file, end: written,
            appendTimes: min(smallestAppendTime ?? lastAppendTime, lastAppendTime)...lastAppendTime,
            producers: producers)
    }

    /// Syncs and seals the active segment before the next one begins.
    mutating func rollNow() throws(DiskError) {
        expireProducers()
        // Even a file without new bytes: recovery may have found it cut back, with the cut in the page cache only, and
        // from here on nobody would sync it again.
        try file.truncate(to: written.size)
        if !PlantedBug.sealBeforeSync.isActive { try file.sync() }
        if written != synced { settle() }
        try end.seal(in: partition, on: disk)
        try beginSegment(at: written.nextOffset)
        if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(partition.path) }
        settle(to: written)
    }

    /// Leaves syncing and sealing of the active segment to the committer.
    mutating func rollLater() throws(DiskError) {
        expireProducers()
        let full = end
        try beginSegment(at: written.nextOffset)
        closing.append(full)
    }

    /// Makes an empty segment. Its name survives a power cut once the folder is synced.
    mutating func beginSegment(at base: Offset) throws(DiskError) {
        let next = try disk.open(path(SegmentName.log(base)), .createEmpty)
        file = next
        written = LogPosition(segmentBase: base, size: 0, checksum: 0, nextOffset: base)
        smallestAppendTime = nil
        reserved = 0
        let segment = Segment(
            base: base, path: path(SegmentName.log(base)), size: 0, nextOffset: base, indexes: SegmentIndexes(),
            file: next)
        partition.segments.withLock { segments in
            if let last = segments.indices.last { segments[last].file = nil }
            segments.append(segment)
        }
    }

    func path(_ name: String) -> String { partition.path + "/" + name }

    /// Gives back what was reserved, and writes what is known of the active segment and its producers, for the next start and
    /// for Kafka's tools.
    func finish() throws(DiskError) {
        try file.truncate(to: written.size)
        let base = written.segmentBase
        let indexes = partition.segments.withLock { segments in segments.first { $0.base == base }?.indexes }
        if let indexes, indexes.end == written.size { try indexes.write(base: base, in: partition.path, on: disk) }
        if let producers { try ProducerSnapshots.write(producers, of: partition, on: disk) }
    }
}
