import RecordFormat

/// Reads batches of one segment, from the one that holds an offset on.
///
/// It finds the place by where an earlier read ended, or by the index, or by walking from the segment's start. The first two
/// are only hints: what stands there must begin with the right offset, and each batch is checked before it is handed out.
struct SegmentReader {
    /// Offsets that cannot be read.
    struct Damage {
        let offsets: Range<Offset>
        let byte: Int
        /// Whether good batches follow in the segment.
        let isFollowed: Bool
    }

    let partition: Partition
    let segment: FoundSegment
    let file: any DiskFile
    private let disk: any Disk
    var scanner: BatchScanner

    /// - Parameter buffer: memory to read into; ``takeBuffer()`` gives it back.
    init(
        _ partition: Partition, _ segment: FoundSegment, _ file: any DiskFile, on disk: any Disk, chunk: Int,
        reusing buffer: consuming [UInt8]
    ) {
        self.partition = partition
        self.segment = segment
        self.file = file
        self.disk = disk
        scanner = BatchScanner(
            file, from: 0, to: segment.size, expecting: segment.base, countsChecksum: false, chunk: chunk,
            reusing: buffer)
    }

    mutating func takeBuffer() -> [UInt8] { scanner.takeBuffer() }

    /// Hands out batches from the one that holds `next` on, which must be below `limit`, and moves `next` behind them. Empty
    /// ones, which a compaction leaves, are passed over.
    /// - Returns: bytes handed out, and the damage if `next` could not be moved.
    mutating func read(
        from next: inout Offset, upTo limit: Offset, maxBytes: Int,
        _ body: (RecordBatchHeader, UnsafeRawBufferPointer) -> Void
    ) throws(DiskError) -> (bytes: Int, damage: Damage?) {
        let begun = next
        var bytes = 0
        if try findCheaply(next) { bytes = try handOut(from: &next, upTo: limit, maxBytes: maxBytes, body) }
        if next == begun {
            if let damage = try walk(to: next) { return (0, damage) }
            bytes = try handOut(from: &next, upTo: limit, maxBytes: maxBytes, body)
        }
        segment.access.noteEnd(
            SegmentAccess.Boundary(position: scanner.position, offset: scanner.expected), begun: begun)
        return (bytes, nil)
    }

    private mutating func handOut(
        from next: inout Offset, upTo limit: Offset, maxBytes: Int,
        _ body: (RecordBatchHeader, UnsafeRawBufferPointer) -> Void
    ) throws(DiskError) -> Int {
        let start = scanner.position
        var bytes = 0
        while bytes < maxBytes, scanner.expected < limit {
            // What lies beyond is not read for nothing, but in steps that are worth a call.
            scanner.chunk = min(scanner.chunk, max(LogDirectory.smallestChunk, maxBytes - bytes))
            guard case .good(let good) = try scanner.next() else { break }
            next = good.nextOffset
            if good.header.recordCount == 0 { continue }
            scanner.withBytes(of: good) { body(good.header, $0) }
            bytes += good.size
        }
        segment.access.noteChecked(start..<scanner.position)
        return bytes
    }

    // MARK: Finding the batch

    /// As ``find(_:)``. Whoever reads a segment from its start needs no indexes, and those of the active one would have to be made.
    private mutating func findCheaply(_ offset: Offset) throws(DiskError) -> Bool {
        if offset != segment.base { return try find(offset) }
        scanner.move(to: 0, expecting: offset)
        return true
    }

    /// Goes to the batch that seems to hold `offset`, reading headers only.
    mutating func find(_ offset: Offset) throws(DiskError) -> Bool {
        if let end = segment.access.end(at: offset) {
            scanner.move(to: end.position, expecting: end.offset)
            return true
        }
        scanner.move(to: 0, expecting: segment.base)
        if let entry = try entry(before: offset) {
            let last = segment.base.advanced(by: Int64(entry.relativeOffset))
            if try !scanner.move(to: Int(entry.filePosition), endingWith: last) { return false }
        }
        try scanner.pass { header, _ in header.nextOffset <= offset }
        return scanner.expected <= offset
    }

    /// Goes to the batch that holds `offset` from the segment's start, checking every batch on the way and stepping over bad
    /// ones. Whatever the hints said, this is right.
    mutating func walk(to offset: Offset) throws(DiskError) -> Damage? {
        scanner.move(to: 0, expecting: segment.base)
        while true {
            let (position, expected) = (scanner.position, scanner.expected)
            if case .good(let good) = try scanner.next() {
                if good.nextOffset <= offset { continue }
                scanner.move(to: position, expecting: expected)
                return nil
            }
            let isFollowed = try scanner.resynchronise(below: segment.nextOffset)
            let end = isFollowed ? scanner.expected : segment.nextOffset
            if isFollowed, end <= offset { continue }
            return Damage(offsets: expected..<max(expected, end), byte: position, isFollowed: isFollowed)
        }
    }

    private func entry(before offset: Offset) throws(DiskError) -> OffsetIndexEntry? {
        for _ in 0..<2 {
            let base = segment.base
            if let found = partition.withIndexes(of: segment, { $0.offsets.entry(before: offset, base: base) }) {
                return found
            }
            try partition.loadIndexes(of: segment, file, on: disk)
        }
        // The segment was replaced meanwhile: a walk finds the place as well.
        return nil
    }
}
