import LogStore
import RecordFormat

extension FuzzTarget {
    /// A whole `.log`, as the scanner reads it.
    ///
    /// | bits of the first byte | meaning                                                        |
    /// |-----------------------:|:---------------------------------------------------------------|
    /// |                      0 | each batch's CRC is left as it is                              |
    /// |                      1 | each batch's base offset is left as it is                      |
    /// |                    2–3 | how much the scanner reads at a time                           |
    /// |                      4 | the last bytes of the file are not the scanner's to read       |
    static let segment = FuzzTarget("segment", longest: 4096) {
        [
            Seed("one", GoldenBatches.segment([GoldenBatches.plain])), Seed("mixed", GoldenBatches.mixed),
            Seed("mixed-small-reads", choices: 4, GoldenBatches.mixed),
            Seed("torn", choices: 3, GoldenBatches.mixed.dropLast(9)),
            Seed("hole", choices: 3, GoldenBatches.withHole),
            Seed("hole-small-reads", choices: 15, GoldenBatches.withHole),
        ]
    } laws: { input throws(BrokenLaw) in
        var bytes = input.bytes
        if !input.has(0) { bytes.sealSegment(renumbering: !input.has(1)) }
        let limit = input.has(4) ? max(0, bytes.count - 7) : bytes.count
        return try SegmentLaws(bytes, limit: limit, chunk: input.pick([1 << 20, 1, 100, 256], by: 2)).check()
    }
}

extension GoldenBatches {
    /// One bad byte in a batch in the middle.
    static let withHole: [UInt8] = {
        var bytes = mixed
        bytes[plain.count + 80] ^= 1
        return bytes
    }()
}

/// What holds of scanning one segment. Beside the scanner goes a scan that knows no buffer and no quick way.
struct SegmentLaws {
    let bytes: [UInt8]
    let limit: Int
    let chunk: Int

    init(_ bytes: [UInt8], limit: Int, chunk: Int) {
        self.bytes = bytes
        self.limit = limit
        self.chunk = chunk
    }

    /// - Returns: whether every byte belongs to a good batch.
    func check() throws(BrokenLaw) -> Bool {
        let file = MemoryFile(bytes, limit: limit)
        var scanner = BatchScanner(file, from: 0, to: limit, expecting: .zero, chunk: chunk)
        var isWhole = true
        // Every step takes a batch or passes over damage that has at least a byte.
        for _ in 0...(limit + 1) {
            let (position, expected) = (scanner.position, scanner.expected)
            switch try step(&scanner) {
            case .end:
                try demand(scanner.position == limit, "The scan ends at \(scanner.position) of \(limit)")
                try demand(file.misread == nil, "Bytes \(String(describing: file.misread)) were read, of \(limit)")
                return isWhole && limit > 0
            case .good(let good):
                try checkGood(good, at: position, expecting: expected, scanner, checksum: isWhole)
            case .bad:
                try demand(
                    scanner.position == position && scanner.expected == expected, "A bad batch moves the scanner")
                try demand(
                    sound(at: position)?.baseOffset != expected, "The scanner does not take what is at \(position)")
                isWhole = false
                if try !resynchronise(&scanner) {
                    try demand(file.misread == nil, "Bytes \(String(describing: file.misread)) were read, of \(limit)")
                    return false
                }
                try demand(
                    scanner.position > position && scanner.expected > expected,
                    "Behind damage at \(position) the scan goes on at \(scanner.position), offset \(scanner.expected)")
                try demand(
                    sound(at: scanner.position)?.baseOffset == scanner.expected,
                    "Behind damage at \(position) is no batch at \(scanner.position)")
            }
        }
        throw BrokenLaw(description: "The scan of \(limit) bytes does not end")
    }

    private func step(_ scanner: inout BatchScanner) throws(BrokenLaw) -> BatchScanner.Step {
        do throws(DiskError) { return try scanner.next() } catch {
            throw BrokenLaw(description: "The scan fails on a file that does not: \(error)")
        }
    }

    private func resynchronise(_ scanner: inout BatchScanner) throws(BrokenLaw) -> Bool {
        do throws(DiskError) { return try scanner.resynchronise(below: Offset(Int64.max)) } catch {
            throw BrokenLaw(description: "The search fails on a file that does not: \(error)")
        }
    }

    private func checkGood(
        _ good: BatchScanner.Good, at position: Int, expecting expected: Offset, _ scanner: BatchScanner, checksum: Bool
    ) throws(BrokenLaw) {
        try demand(
            good.position == position && good.header.baseOffset == expected, "A batch out of its place at \(position)")
        try demand(sound(at: position) == good.header, "The batch at \(position) is none, or another")
        let end = position + good.size
        try demand(
            good.size == good.header.totalSize && end <= limit && scanner.position == end
                && scanner.expected == good.nextOffset,
            "The scanner stands at \(scanner.position) behind \(good.header)")
        try demand(scanner.bytes(of: good) == bytes[position..<end], "The bytes handed out are not the file's")
        if checksum {
            try demand(scanner.checksum == crc32c(bytes[..<end]), "The running checksum is wrong at \(end)")
        }
    }

    /// The batch at a place, if a sound one lies there within the limit.
    private func sound(at place: Int) -> RecordBatchHeader? {
        guard limit - place >= RecordBatchHeader.encodedSize else { return nil }
        let length = Int(bytes.number(at: place + 8, Int32.self))
        guard length >= 0, length <= limit - place - 12 else { return nil }
        do throws(RecordFormatError) {
            let batch = Array(bytes[place..<(place + 12 + length)])
            let header = try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
                try RecordBatchHeader.validate(bytes)
            }
            return header.baseOffset.rawValue < Int64.max / 2 ? header : nil
        } catch {
            return nil
        }
    }
}
