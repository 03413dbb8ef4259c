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
    /// CRC-32C of the file's bytes up to `position`, if it was right at the start and is counted.
    package private(set) var checksum: UInt32
    private let countsChecksum: Bool
    /// Bytes read at a time.
    var chunk: Int
    /// Only its first ``held`` bytes are the file's, from ``bufferStart`` on; the rest is room.
    private var buffer: [UInt8]
    private var held = 0
    private var bufferStart: Int

    /// - Parameters:
    ///   - chunk: bytes read at a time; a larger batch is read whole all the same.
    ///   - buffer: memory to use instead of new; ``takeBuffer()`` gives it back.
    package init(
        _ file: any DiskFile, from position: Int, to limit: Int, expecting offset: Offset, checksum: UInt32 = 0,
        countsChecksum: Bool = true, chunk: Int = 1 << 20, reusing buffer: consuming [UInt8] = []
    ) {
        self.file = file
        self.position = position
        self.limit = limit
        expected = offset
        self.checksum = checksum
        self.countsChecksum = countsChecksum
        self.chunk = chunk
        self.buffer = buffer
        bufferStart = position
    }

    package mutating func next() throws(DiskError) -> Step {
        if position >= limit { return .end }
        if let good = soundHere() { return .good(good) }
        let step = try look(at: position, requiring: expected)
        if case .good(let good) = step {
            position += good.size
            expected = good.nextOffset
            count(good)
        }
        return step
    }

    /// Goes behind the next batch if it is held as a whole and nothing is wrong with it, as with nearly all: this is the quick way.
    @inline(__always)
    private mutating func soundHere() -> Good? {
        let start = position - bufferStart
        guard start >= 0, start < held else { return nil }
        let header = buffer.withUnsafeBytes {
            RecordBatchHeader(soundAtStartOf: UnsafeRawBufferPointer(rebasing: $0[start..<held]))
        }
        guard let header, header.baseOffset == expected, position + header.totalSize <= limit,
            header.baseOffset.rawValue < Int64.max / 2
        else { return nil }
        let good = Good(header: header, position: position, size: header.totalSize)
        position += good.size
        expected = good.nextOffset
        count(good)
        return good
    }

    private mutating func count(_ good: Good) {
        guard countsChecksum else { return }
        checksum = withBytes(of: good) { good.header.checksum(of: $0, continuing: checksum) }
    }

    /// The bytes of the batch that ``next()`` has just handed out.
    package func bytes(of good: Good) -> ArraySlice<UInt8> {
        let start = good.position - bufferStart
        return buffer[start..<(start + good.size)]
    }

    /// The same without a copy; they are there as long as `body` runs.
    @inline(__always)
    package func withBytes<Result>(of good: Good, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = good.position - bufferStart
        precondition(start >= 0 && start + good.size <= held, "The batch at byte \(good.position) is no longer held")
        return buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<(start + good.size)])) }
    }

    /// Ends the scan.
    package mutating func takeBuffer() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &buffer)
        held = 0
        return taken
    }

    // MARK: Finding a place by headers alone

    /// Goes to `place`, at which `expected` should begin.
    mutating func move(to place: Int, expecting offset: Offset) {
        position = place
        expected = offset
    }

    /// Goes to `place` if a batch whose last offset is `last` seems to begin there, as an index says.
    mutating func move(to place: Int, endingWith last: Offset) throws(DiskError) -> Bool {
        guard let header = try header(at: place), header.lastOffset == last else { return false }
        move(to: place, expecting: header.baseOffset)
        return true
    }

    /// Passes over batches without looking at more than their headers, as long as `condition` holds of one and of the
    /// position behind it. Stops as well where no header follows that begins with the next offset.
    mutating func pass(while condition: (RecordBatchHeader, Int) -> Bool) throws(DiskError) {
        while let header = try header(at: position), header.baseOffset == expected,
            condition(header, position + header.totalSize)
        {
            move(to: position + header.totalSize, expecting: header.nextOffset)
        }
    }

    /// The header at a place, of a batch that would end within the limit.
    mutating func header(at place: Int) throws(DiskError) -> RecordBatchHeader? {
        guard limit - place >= RecordBatchHeader.encodedSize else { return nil }
        try fill(from: place, RecordBatchHeader.encodedSize)
        do throws(RecordFormatError) {
            let header = try decodeHeader(at: place - bufferStart)
            return header.totalSize <= limit - place ? header : nil
        } catch {
            return nil
        }
    }

    // MARK: Behind damage

    /// From a bad batch, finds the next good one: itself, if only its offset was not expected and what follows bears it out; else
    /// where the bad one and those behind it say that they end; else byte by byte.
    /// - Parameters:
    ///   - end: the offset after the last record before `bound`, or ``Offset/unknownEnd``.
    ///   - bound: where that record ends, up to ``limit``, which it is if it is not given. Nothing behind it is found.
    /// - Returns: whether there is one; ``position`` and ``expected`` stand there. ``checksum`` is no longer right.
    package mutating func resynchronise(below end: Offset, upTo bound: Int? = nil) throws(DiskError) -> Bool {
        let bad = position
        let end = End(place: bound ?? limit, offset: end)
        // As where records were appended behind offsets that have no bytes in the file.
        if end.offset != .unknownEnd, try accept(bad, before: end, isProven: true) { return true }
        // From one header to the next, over those that are bad as well: a batch within a record's value is none of the log's.
        var place = bad
        while let size = try declaredSize(at: place), place + size < end.place {
            place += size
            if try accept(place, before: end) { return true }
        }
        var candidate = bad + 1
        while end.place - candidate >= RecordBatchHeader.encodedSize {
            try fill(from: candidate, RecordBatchHeader.encodedSize)
            let start = candidate - bufferStart
            let stop = held - RecordBatchHeader.encodedSize
            // The magic byte rules out nearly every place without decoding.
            guard let offset = (start...stop).first(where: { buffer[$0 + Self.magicPosition] == Self.magic }) else {
                candidate = bufferStart + stop + 1
                continue
            }
            // Looking there may move the buffer.
            candidate = bufferStart + offset
            if try accept(candidate, before: end) { return true }
            candidate += 1
        }
        return false
    }

    /// Of what is searched.
    private struct End {
        let place: Int
        let offset: Offset
    }

    private static let lengthPosition = 8
    private static let magicPosition = 16
    private static let magic: UInt8 = 2

    /// How long the batch says it is that seems to begin at a place. Nothing else of it need be right.
    private mutating func declaredSize(at place: Int) throws(DiskError) -> Int? {
        guard limit - place >= RecordBatchHeader.encodedSize else { return nil }
        try fill(from: place, RecordBatchHeader.encodedSize)
        let start = place - bufferStart
        let length = buffer[(start + Self.lengthPosition)...].prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let size = Int(length) + Self.lengthPosition + 4
        return buffer[start + Self.magicPosition] == Self.magic && size >= RecordBatchHeader.encodedSize ? size : nil
    }

    /// Takes a place behind damage, if a good batch stands there and its offset is believed: the offset lies outside the
    /// batch's CRC, so what follows must go on from it.
    /// - Parameter isProven: what follows must be there and tell the same; else it may be damaged too.
    private mutating func accept(
        _ place: Int, before end: End, isProven: Bool = false
    ) throws(DiskError) -> Bool {
        guard place < end.place, case .good(let good) = try look(at: place, requiring: nil),
            good.header.baseOffset > expected, place + good.size <= end.place, good.nextOffset <= end.offset,
            try isFollowed(good, before: end, isProven: isProven)
        else { return false }
        position = place
        expected = good.header.baseOffset
        return true
    }

    private mutating func isFollowed(_ good: Good, before end: End, isProven: Bool) throws(DiskError) -> Bool {
        let after = good.position + good.size
        if after == end.place { return good.nextOffset == end.offset || end.offset == .unknownEnd }
        guard end.place - after >= RecordBatchHeader.encodedSize else { return !isProven }
        try fill(from: after, RecordBatchHeader.encodedSize)
        do throws(RecordFormatError) {
            return try decodeHeader(at: after - bufferStart).baseOffset == good.nextOffset
        } catch {
            // Damaged too, or a torn tail: it says nothing against the batch before it.
            return !isProven
        }
    }

    private mutating func look(at place: Int, requiring offset: Offset?) throws(DiskError) -> Step {
        guard limit - place >= RecordBatchHeader.encodedSize else {
            return .bad("\(limit - place) bytes are too few for a batch")
        }
        try fill(from: place, RecordBatchHeader.encodedSize)
        let header: RecordBatchHeader
        do throws(RecordFormatError) { header = try decodeHeader(at: place - bufferStart) } catch {
            return .bad(error.message)
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
            do throws(RecordFormatError) { try validate(header, at: place - bufferStart) } catch {
                return .bad(error.message)
            }
        }
        return .good(Good(header: header, position: place, size: size))
    }

    private func decodeHeader(at start: Int) throws(RecordFormatError) -> RecordBatchHeader {
        try buffer.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
            try RecordBatchHeader(decoding: UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
    }

    private func validate(_ header: RecordBatchHeader, at start: Int) throws(RecordFormatError) {
        try buffer.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
            try header.checkChecksum(of: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + header.totalSize)]))
        }
    }

    /// Makes `count` bytes from `place` on available in the buffer.
    private mutating func fill(from place: Int, _ count: Int) throws(DiskError) {
        if place >= bufferStart, place + count <= bufferStart + held { return }
        let wanted = min(max(count, chunk), limit - place)
        // A batch that begins in the last chunk ends in this one: its beginning need not be read again.
        let kept = (bufferStart..<(bufferStart + held)).contains(place) ? bufferStart + held - place : 0
        makeRoom(for: wanted, keeping: (held - kept)..<held)
        held = kept
        bufferStart = place
        var failure: DiskError?
        held += buffer.withUnsafeMutableBytes { bytes in
            do throws(DiskError) {
                return try file.read(
                    into: UnsafeMutableRawBufferPointer(rebasing: bytes[kept..<wanted]), at: place + kept)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        if held < count { throw DiskError("read", file.path, errno: DiskError.endedEarly) }
    }

    /// Moves some of the held bytes to the front of a buffer of at least `size` bytes.
    private mutating func makeRoom(for size: Int, keeping kept: Range<Int>) {
        if buffer.count >= size {
            if kept.isEmpty || kept.lowerBound == 0 { return }
            return buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                base.copyMemory(from: base + kept.lowerBound, byteCount: kept.count)
            }
        }
        let old = takeBuffer()
        // Not set to zero first: only what was read into it is ever looked at.
        buffer = [UInt8](unsafeUninitializedCapacity: size) { new, initialized in
            old.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(new).copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[kept]))
            }
            initialized = size
        }
    }
}

extension Offset {
    /// Stands for the end of a file of which nobody knows at which offset it ends.
    static let unknownEnd = Offset(Int64.max)
}
