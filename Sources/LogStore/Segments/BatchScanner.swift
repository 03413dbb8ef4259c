package import RecordFormat

/// Walks the batches of a segment file from a position on and stops at the first that is not good.
///
/// A batch is good when its frame is whole, its CRC fits, and it starts at the expected offset. A zero length is never
/// a batch.
package struct BatchScanner {
    package struct Good {
        package let header: RecordBatchHeader
        package let position: Int
        package let size: Int
        package var nextOffset: Offset { header.lastOffset.advanced(by: 1) }
    }

    package enum Step {
        case good(Good)
        /// At the limit, exactly behind a batch.
        case end
        /// At something that is not a batch, and why. The scanner stays there.
        case bad(String)
    }

    private let file: any DiskFile
    private let limit: Int
    package private(set) var position: Int
    package private(set) var expected: Offset
    /// CRC-32C of the file's bytes up to `position`, if it was right at the start.
    package private(set) var checksum: UInt32
    private let chunk: Int
    private var buffer: [UInt8] = []
    private var bufferStart: Int

    /// - Parameter chunk: bytes read at a time; a larger batch is read whole all the same.
    package init(
        _ file: any DiskFile, from position: Int, to limit: Int, expecting offset: Offset, checksum: UInt32 = 0,
        chunk: Int = 1 << 20
    ) {
        self.file = file
        self.position = position
        self.limit = limit
        expected = offset
        self.checksum = checksum
        self.chunk = chunk
        bufferStart = position
    }

    package mutating func next() throws(DiskError) -> Step {
        if position >= limit { return .end }
        let step = try look(at: position, requiring: expected)
        if case .good(let good) = step {
            position += good.size
            expected = good.nextOffset
            checksum = LogStore.checksum(of: bytes(of: good), continuing: checksum)
        }
        return step
    }

    /// The bytes of the batch that ``next()`` has just handed out.
    package func bytes(of good: Good) -> ArraySlice<UInt8> {
        let start = good.position - bufferStart
        return buffer[start..<(start + good.size)]
    }

    /// From a bad batch, finds the next good one behind it: first where the bad one says it ends, then byte by byte.
    /// - Parameter end: the offset after the last record before ``limit``, or ``Offset/unknownEnd``.
    /// - Returns: whether there is one; ``position`` and ``expected`` stand there. ``checksum`` is no longer right.
    package mutating func resynchronise(below end: Offset) throws(DiskError) -> Bool {
        let bad = position
        var candidate = bad + 1
        if limit - bad >= RecordBatchHeader.encodedSize, let size = try declaredSize(at: bad), size <= limit - bad {
            if try accept(bad + size, below: end) { return true }
        }
        while limit - candidate >= RecordBatchHeader.encodedSize {
            try fill(from: candidate, RecordBatchHeader.encodedSize)
            let start = candidate - bufferStart
            let stop = buffer.count - RecordBatchHeader.encodedSize
            // The magic byte rules out nearly every place without decoding.
            guard let offset = (start...stop).first(where: { buffer[$0 + Self.magicPosition] == Self.magic }) else {
                candidate = bufferStart + stop + 1
                continue
            }
            if try accept(bufferStart + offset, below: end) { return true }
            candidate = bufferStart + offset + 1
            if candidate < bufferStart { return false }
        }
        return false
    }

    private static let magicPosition = 16
    private static let magic: UInt8 = 2

    private mutating func declaredSize(at place: Int) throws(DiskError) -> Int? {
        try fill(from: place, RecordBatchHeader.encodedSize)
        do throws(RecordFormatError) { return try decodeHeader(at: place - bufferStart).totalSize } catch { return nil }
    }

    /// Takes a place behind damage, if a good batch stands there and its offset is believed: the offset lies outside the
    /// batch's CRC, so what follows must go on from it.
    private mutating func accept(_ place: Int, below end: Offset) throws(DiskError) -> Bool {
        guard place < limit, case .good(let good) = try look(at: place, requiring: nil),
            good.header.baseOffset > expected, good.nextOffset <= end,
            try isFollowed(good, end: end)
        else { return false }
        position = place
        expected = good.header.baseOffset
        return true
    }

    private mutating func isFollowed(_ good: Good, end: Offset) throws(DiskError) -> Bool {
        let after = good.position + good.size
        if after == limit { return good.nextOffset == end || end == .unknownEnd }
        guard limit - after >= RecordBatchHeader.encodedSize else { return true }
        try fill(from: after, RecordBatchHeader.encodedSize)
        do throws(RecordFormatError) {
            return try decodeHeader(at: after - bufferStart).baseOffset == good.nextOffset
        } catch {
            // Damaged too, or a torn tail: it says nothing against the batch before it.
            return true
        }
    }

    private mutating func look(at place: Int, requiring offset: Offset?) throws(DiskError) -> Step {
        guard limit - place >= RecordBatchHeader.encodedSize else {
            return .bad("\(limit - place) bytes are too few for a batch")
        }
        try fill(from: place, RecordBatchHeader.encodedSize)
        let header: RecordBatchHeader
        do throws(RecordFormatError) { header = try decodeHeader(at: place - bufferStart) } catch {
            return .bad("\(error)")
        }
        let size = header.totalSize
        // So no more memory is taken than there are bytes in the file.
        guard size <= limit - place else {
            return .bad("a batch of \(size) bytes would end after the file's \(limit)")
        }
        guard header.baseOffset.rawValue >= 0, header.baseOffset.rawValue < Int64.max / 2 else {
            return .bad("batch has base offset \(header.baseOffset)")
        }
        if let offset, header.baseOffset != offset {
            return .bad("batch has base offset \(header.baseOffset), expected \(offset)")
        }
        try fill(from: place, size)
        if !PlantedBug.noChecksum.isActive {
            do throws(RecordFormatError) { try validate(at: place - bufferStart, size: size) } catch {
                return .bad("\(error)")
            }
        }
        return .good(Good(header: header, position: place, size: size))
    }

    private func decodeHeader(at start: Int) throws(RecordFormatError) -> RecordBatchHeader {
        try buffer.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
            try RecordBatchHeader(decoding: UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
    }

    private func validate(at start: Int, size: Int) throws(RecordFormatError) {
        try buffer.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
            _ = try RecordBatchHeader.validate(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + size)]))
        }
    }

    /// Makes `count` bytes from `place` on available in the buffer.
    private mutating func fill(from place: Int, _ count: Int) throws(DiskError) {
        if place >= bufferStart, place + count <= bufferStart + buffer.count { return }
        buffer = try file.bytes(at: place, count: min(max(count, chunk), limit - place))
        bufferStart = place
        if buffer.count < count { throw DiskError("read", file.path, errno: DiskError.endedEarly) }
    }
}

extension Offset {
    /// Stands for the end of a file of which nobody knows at which offset it ends.
    static let unknownEnd = Offset(Int64.max)
}
