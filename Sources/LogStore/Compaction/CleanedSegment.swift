import RecordFormat

/// The segment that a group of segments becomes, while it is written.
///
/// Its offsets are dense: what was removed is spanned by empty batches, neighbours by one. As long as a single segment stays as
/// it was, nothing is written at all: the file is made with the first batch that differs.
struct CleanedSegment: ~Copyable {
    /// Removed batches that follow one another.
    private struct Gap {
        var offsets: Range<Offset>
        /// Spans end where an epoch does: an epoch's first offset is found by the batches (``LeaderEpochs``).
        let leaderEpoch: Int32
        /// The batch itself, if it is the only one and was empty before.
        var original: [UInt8]?
    }

    /// Bytes written at a time.
    private static let chunk = 256 << 10
    /// Bytes after which what was written is synced: the sync of a whole segment at its end would keep the disk from the commit
    /// rounds for as long as that takes.
    private static let longestUnsynced = 4 << 20

    /// Behind the last batch.
    private(set) var end: LogPosition
    private(set) var indexes = SegmentIndexes()
    /// Bytes at the start that are those of the first source.
    private(set) var sameBytes = 0
    /// It is the first source so far, byte for byte.
    private(set) var isSame = true
    private var gap: Gap?
    private let disk: any Disk
    private let path: String
    private var file: (any DiskFile)?
    private var pending: [UInt8] = []
    private var sameChecksum: UInt32 = 0
    private var isJoined = false
    private var copied = 0
    private var copiedChecksum: UInt32 = 0
    private var unsynced = 0

    init(_ base: Offset, in folder: String, on disk: any Disk) {
        end = LogPosition(segmentBase: base, size: 0, checksum: 0, nextOffset: base)
        path = folder + "/" + SegmentName.cleanedLog(base)
        self.disk = disk
    }

    // MARK: Batches

    /// Takes the batch that follows, as it was judged.
    mutating func take(
        _ verdict: BatchFilter.Verdict, _ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer
    ) throws(DiskError) {
        switch verdict {
        case .keep:
            try closeGap()
            try add(header, wholeBatch, isOriginal: true)
        case .replace(let bytes):
            try closeGap()
            try addOwn(bytes, isOriginal: false)
        case .remove: try widenGap(header, wholeBatch)
        }
    }

    private mutating func widenGap(_ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer) throws(DiskError)
    {
        if let open = gap {
            let count = header.nextOffset.rawValue - open.offsets.lowerBound.rawValue
            if open.leaderEpoch == header.partitionLeaderEpoch, count <= Int64(Int32.max) {
                gap?.offsets = open.offsets.lowerBound..<header.nextOffset
                gap?.original = nil
                return
            }
            try closeGap()
        }
        gap = Gap(
            offsets: header.baseOffset..<header.nextOffset, leaderEpoch: header.partitionLeaderEpoch,
            original: header.recordCount == 0 ? Array(wholeBatch) : nil)
    }

    private mutating func closeGap() throws(DiskError) {
        guard let closed = gap else { return }
        gap = nil
        let bytes = RecordBatchHeader.empty(closed.offsets, leaderEpoch: closed.leaderEpoch)
        try addOwn(bytes, isOriginal: bytes == closed.original)
    }

    /// Adds a batch that was made here.
    private mutating func addOwn(_ bytes: [UInt8], isOriginal: Bool) throws(DiskError) {
        try bytes.span.bytes.withUnsafeBytes { bytes throws(DiskError) in
            let header: RecordBatchHeader
            do throws(RecordFormatError) {
                header = try RecordBatchHeader(decoding: bytes)
            } catch {
                preconditionFailure("A batch that was made here does not decode: \(error)")
            }
            try add(header, bytes, isOriginal: isOriginal)
        }
    }

    private mutating func add(
        _ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer, isOriginal: Bool
    ) throws(DiskError) {
        precondition(header.baseOffset == end.nextOffset, "Offset \(header.baseOffset) after \(end.nextOffset)")
        indexes.note(header, position: end.size, size: wholeBatch.count, base: end.segmentBase)
        end.pass(header, wholeBatch)
        if isSame, isOriginal, !isJoined {
            sameBytes = end.size
            sameChecksum = end.checksum
            return
        }
        isSame = false
        pending.append(contentsOf: wholeBatch)
        if pending.count >= Self.chunk { try write() }
    }

    private mutating func write() throws(DiskError) {
        let file = try opened()
        try file.writeAll(pending, at: end.size - pending.count)
        try note(written: pending.count, to: file)
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func note(written count: Int, to file: any DiskFile) throws(DiskError) {
        unsynced += count
        if unsynced < Self.longestUnsynced { return }
        try file.sync()
        unsynced = 0
    }

    private mutating func opened() throws(DiskError) -> any DiskFile {
        if let file { return file }
        let made = try disk.open(path, .createEmpty)
        file = made
        return made
    }

    // MARK: The end

    /// Bytes so far, were it to end here.
    var size: Int { end.size + (gap == nil ? 0 : RecordBatchHeader.encodedSize) }

    /// What comes now is of another source.
    mutating func join() { isJoined = true }

    /// No more batches come.
    mutating func finish() throws(DiskError) {
        try closeGap()
        if !isSame { try write() }
    }

    /// Copies some of what is the source's.
    /// - Returns: the bytes copied; 0 once all are.
    mutating func copySame(from source: any DiskFile) throws(DiskError) -> Int {
        if isSame || copied == sameBytes { return 0 }
        let bytes = try source.bytes(at: copied, count: min(Self.chunk, sameBytes - copied))
        if bytes.isEmpty { throw DiskError("read", source.path, errno: DiskError.endedEarly) }
        copiedChecksum = checksum(of: bytes, continuing: copiedChecksum)
        let file = try opened()
        try file.writeAll(bytes, at: copied)
        try note(written: bytes.count, to: file)
        copied += bytes.count
        // They were checked when they were judged; this is another read.
        if copied == sameBytes, copiedChecksum != sameChecksum {
            throw DiskError("read back", source.path, errno: DiskError.differs)
        }
        return bytes.count
    }

    /// Makes the file durable, under its name for the time being.
    mutating func sync() throws(DiskError) { try opened().sync() }
}
