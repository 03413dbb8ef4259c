import RecordFormat
import Synchronization

/// Writes one partition's active segment. Used by the committing thread only.
///
/// Order of what becomes durable: the old segment's bytes, its seal, the new segment's name, and only then bytes in it.
/// So every segment but the last has a seal, and a torn tail can only be in the last.
struct PartitionWriter {
    let partition: Partition
    let segmentBytes: Int
    private let disk: any Disk
    private var file: any DiskFile

    /// The end of what was written; everything up to ``synced`` is synced.
    private(set) var written: LogPosition
    private(set) var synced: LogPosition
    private(set) var lastAppendTime: Timestamp
    private var smallestAppendTime: Timestamp?
    private var reserved: Int
    /// The batches since ``synced``, for the offset index: noted once they are synced.
    private var unsyncedBatches: [(nextOffset: Offset, position: Int, size: Int)] = []

    /// Blocks are reserved ahead in steps of this size, so that a sync seldom has to write allocation records too.
    private static let reservation = 4 << 20
    /// Batches are gathered into one write up to this size; a larger one is written from where it lies.
    private static let gatherBytes = 1 << 20

    init(
        _ partition: Partition, disk: any Disk, file: any DiskFile, at position: LogPosition, lastAppendTime: Timestamp,
        segmentBytes: Int
    ) {
        self.partition = partition
        self.disk = disk
        self.file = file
        self.segmentBytes = segmentBytes
        written = position
        synced = position
        self.lastAppendTime = lastAppendTime
        smallestAppendTime = nil
        reserved = position.size
    }

    /// The file that must be synced for ``written`` to become durable, if it differs from ``synced``.
    var dirtyFile: (any DiskFile)? { written == synced ? nil : file }

    /// Writes batches in their order, rolling where a segment is full. On an error some of them may be in the file: the
    /// caller must ``rewind(to:)`` or ``rewrite()`` before the next append.
    mutating func append(_ batches: [Staging.Staged.Batch], at now: Timestamp) throws(DiskError) {
        // A clock that went back does not take append time back (facts: retention trusts it).
        lastAppendTime = max(lastAppendTime, now)
        var gathered: [UInt8] = []
        var start = written.size
        for batch in batches {
            if written.size > 0, written.size + batch.bytes.count > segmentBytes {
                try write(&gathered, at: start)
                try roll()
                start = 0
            }
            if smallestAppendTime == nil { smallestAppendTime = lastAppendTime }
            if batch.bytes.count >= Self.gatherBytes {
                try write(&gathered, at: start)
                try write(batch.bytes, at: written.size)
                start = written.size + batch.bytes.count
            } else {
                if gathered.isEmpty { gathered.reserveCapacity(batch.bytes.count) }
                gathered.append(contentsOf: batch.bytes)
            }
            unsyncedBatches.append((batch.range.upperBound, written.size, batch.bytes.count))
            written.checksum = checksum(of: batch.bytes, continuing: written.checksum)
            written.size += batch.bytes.count
            written.nextOffset = batch.range.upperBound
            if gathered.count >= Self.gatherBytes {
                try write(&gathered, at: start)
                start = written.size
            }
        }
        try write(&gathered, at: start)
    }

    private mutating func write(_ bytes: inout [UInt8], at position: Int) throws(DiskError) {
        if bytes.isEmpty { return }
        try write(bytes, at: position)
        bytes.removeAll(keepingCapacity: true)
    }

    private mutating func write(_ bytes: [UInt8], at position: Int) throws(DiskError) {
        try reserve(for: position + bytes.count)
        try file.writeAll(bytes, at: position)
    }

    private mutating func reserve(for end: Int) throws(DiskError) {
        if end <= reserved { return }
        let target = (end / Self.reservation + 1) * Self.reservation
        reserved = target
        do throws(DiskError) {
            try file.preallocate(min(target, max(segmentBytes, end)))
        } catch {
            // A reservation only saves time. Where there is no room for it there may still be room for the bytes
            // themselves, and the write says so if not.
            if !error.isNoSpace { throw error }
        }
    }

    /// Everything written is now synced: readers may know of it, up to the high watermark.
    mutating func settle() {
        synced = written
        let (synced, batches) = (synced, unsyncedBatches)
        unsyncedBatches.removeAll(keepingCapacity: true)
        partition.segments.withLock { segments in
            let last = segments.count - 1
            precondition(
                segments[last].base == synced.segmentBase, "\(partition.topicPartition) lost its active segment")
            segments[last].size = synced.size
            segments[last].nextOffset = synced.nextOffset
            for batch in batches {
                segments[last].index?.note(
                    lastOffset: batch.nextOffset.advanced(by: -1), position: batch.position, size: batch.size,
                    base: synced.segmentBase)
            }
        }
    }

    // MARK: Rolling

    /// Closes the active segment and begins the next one.
    private mutating func roll() throws(DiskError) {
        // Even a file without new bytes: recovery may have found it cut back, with the cut in the page cache only, and
        // from here on nobody would sync it again.
        try file.truncate(to: written.size)
        try file.sync()
        if written != synced { settle() }
        try closeSegment()
        try beginSegment(at: written.nextOffset)
    }

    /// Gives back what was reserved, and writes index and seal.
    private mutating func closeSegment() throws(DiskError) {
        try writeIndex()
        let base = written.segmentBase
        let seal = SegmentSeal(
            topicID: partition.topicID, partition: partition.topicPartition.partition, logChecksum: written.checksum,
            baseOffset: base, nextOffset: written.nextOffset, logSize: Int64(written.size),
            smallestAppendTime: smallestAppendTime ?? lastAppendTime, largestAppendTime: lastAppendTime)
        // The rename makes it whole or absent; the folder is synced with the next segment's name.
        try disk.replace(path(SegmentName.seal(base)), with: seal.encoded, in: partition.path)
    }

    /// Makes an empty segment whose name survives a power cut.
    mutating func beginSegment(at base: Offset) throws(DiskError) {
        let next = try disk.open(path(SegmentName.log(base)), .createEmpty)
        if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(partition.path) }
        file = next
        written = LogPosition(segmentBase: base, size: 0, checksum: 0, nextOffset: base)
        synced = written
        smallestAppendTime = nil
        reserved = 0
        let segment = Segment(
            base: base, path: path(SegmentName.log(base)), size: 0, nextOffset: base, index: OffsetIndex(), file: next)
        partition.segments.withLock { segments in
            if let last = segments.indices.last { segments[last].file = nil }
            segments.append(segment)
        }
    }

    private func path(_ name: String) -> String { partition.path + "/" + name }

    // MARK: Going back

    /// Cuts the partition back to a place between two synced batches, and syncs the cut. Later segments are removed,
    /// newest first, so that a power cut in between leaves a shorter log and never a gap. On an error the same call may
    /// be made again.
    ///
    /// The durable mark must not stand behind `position`: lower it first.
    /// - Parameter copying: after a failed sync, puts what is kept of the segment into a new file, because the kernel
    /// may have
    ///   dropped what it could not write and would not say so again (DESIGN D3).
    mutating func rewind(to position: LogPosition, copying: Bool) throws(DiskError) {
        // What lies there is asked of the disk: a roll that failed half way left files that nobody noted.
        let names = try disk.list(partition.path)
        for base in names.compactMap({ SegmentName.base(of: $0, suffix: ".log") }).sorted().reversed()
        where base > position.segmentBase {
            // The seal for certain before its segment: the next one with this base must not meet it.
            try removeIfThere([SegmentName.seal(base), SegmentName.index(base)], of: names)
            try disk.syncDirectory(partition.path)
            try removeIfThere([SegmentName.log(base)], of: names)
            try disk.syncDirectory(partition.path)
        }
        let base = position.segmentBase
        try removeIfThere([SegmentName.seal(base), SegmentName.index(base)], of: names)
        try disk.syncDirectory(partition.path)
        // The writer keeps its file until all of this is done: a half-way place belongs to neither.
        let next: any DiskFile
        if copying {
            next = try copy(SegmentName.log(base), as: SegmentName.rewrite(base), upTo: position)
        } else {
            next = base == written.segmentBase ? file : try disk.open(path(SegmentName.log(base)), .readWrite)
            try next.truncate(to: position.size)
            try next.sync()
        }
        file = next
        stand(at: position)
    }

    private func removeIfThere(_ wanted: [String], of names: [String]) throws(DiskError) {
        for name in wanted where names.contains(name) {
            if try disk.kind(of: path(name)) != .absent { try disk.remove(path(name)) }
        }
    }

    /// - Returns: the copy, synced and in place of the original.
    private func copy(_ name: String, as temporary: String, upTo end: LogPosition) throws(DiskError) -> any DiskFile {
        let source = try disk.open(path(name), .read)
        let copy = try disk.open(path(temporary), .createEmpty)
        var position = 0
        var copied: UInt32 = 0
        while position < end.size {
            let bytes = try source.bytes(at: position, count: min(1 << 20, end.size - position))
            if bytes.isEmpty { throw DiskError("read", source.path, errno: DiskError.endedEarly) }
            try copy.writeAll(bytes, at: position)
            copied = checksum(of: bytes, continuing: copied)
            position += bytes.count
        }
        // Otherwise the disk has lost synced bytes, and a copy would hide it.
        if copied != end.checksum { throw DiskError("read back", source.path, errno: DiskError.differs) }
        try copy.sync()
        try disk.rename(path(temporary), to: path(name))
        try disk.syncDirectory(partition.path)
        return copy
    }

    /// Goes on from `position`, whose bytes are synced.
    private mutating func stand(at position: LogPosition) {
        written = position
        synced = position
        reserved = position.size
        unsyncedBatches.removeAll()
        let file = file
        let log = path(SegmentName.log(position.segmentBase))
        partition.segments.withLock { segments in
            segments.removeAll { $0.base > position.segmentBase }
            guard let last = segments.last, last.base == position.segmentBase else {
                preconditionFailure("\(partition.topicPartition) has no segment \(position.segmentBase)")
            }
            var index = last.index
            index?.truncate(to: position.size)
            segments[segments.count - 1] = Segment(
                base: last.base, path: log, size: position.size, nextOffset: position.nextOffset, index: index,
                file: file)
        }
    }

    // MARK: Closing

    /// Gives back what was reserved, and writes the active segment's index so that the next reader need not rebuild it.
    func writeIndex() throws(DiskError) {
        try file.truncate(to: written.size)
        guard let index = partition.segments.withLock({ $0.last?.index }) else { return }
        let cache = try disk.open(path(SegmentName.index(written.segmentBase)), .createEmpty)
        // Not synced: a cache is rebuilt when it is not there.
        try cache.writeAll(index.encoded, at: 0)
    }

    /// What a durable mark at `position` says.
    func mark(at position: LogPosition) -> SyncedEnd {
        SyncedEnd(
            sequence: 0, topicID: partition.topicID, partition: partition.topicPartition.partition,
            logChecksum: position.checksum, segmentBase: position.segmentBase, syncedLength: Int64(position.size),
            syncedOffset: position.nextOffset, lastAppendTime: lastAppendTime)
    }
}
