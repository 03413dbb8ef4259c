import RecordFormat
import Testing

@Suite("A record batch header")
struct RecordBatchHeaderTests {
    @Test("says where the batch ends, in bytes and in offsets")
    func ends() throws {
        var batch = RawBatch([], count: 0, lastOffsetDelta: 9)
        batch.set(0, Int64(4711))
        let header = try batch.header()
        #expect(header.totalSize == 61)
        #expect(header.lastOffset == Offset(4720))
        #expect(header.nextOffset == Offset(4721))
    }

    @Test("decodes from a batch that is cut in its records, and not from one that is cut before")
    func partial() throws {
        let batch = RecordBatchBuilder.batch(of: [
            Record(key: [1], value: [2], timestamp: Timestamp(millisecondsSince1970: 5))
        ])
        #expect(try RawBatch(Array(batch[..<61])).header() == RawBatch(batch).header())
        for count in 0...60 {
            let cut = RawBatch(Array(batch[..<count]))
            #expect(throws: RecordFormatError.self) { try cut.header() }
        }
    }

    @Test(
        "is refused when a field has a value that no writer gives it",
        arguments: [
            ("base offset below zero", 0, Int64(-1)),
            ("base offset from which the last overflows", 0, Int64.max - 4),
            ("base offset from which the one after the last overflows", 0, Int64.max - 5),
            ("length too small for a header", 8, Int32(48)),
            ("negative length", 8, Int32.min),
            ("codec 5", 21, Int16(5)),
            ("codec 7", 21, Int16(7)),
            ("negative last offset delta", 23, Int32(-1)),
            ("last offset delta that cannot be counted", 23, Int32.max),
            ("negative number of records", 57, Int32(-1)),
            ("more records than offsets", 57, Int32(7)),
            ("more records than bytes", 57, Int32(6)),
        ] as [(String, Int, any FixedWidthInteger & Sendable)])
    func impossible(field: String, position: Int, value: any FixedWidthInteger & Sendable) throws {
        // Five records of seven bytes at offset deltas up to 5.
        let sound = RawBatch([UInt8](repeating: 0, count: 35), count: 5, lastOffsetDelta: 5)
        _ = try sound.header()
        let error = #expect(throws: RecordFormatError.self) { try sound.with(position, value).header() }
        #expect(error?.code == .invalidHeader)
    }

    @Test("at the last offsets that can be counted is accepted")
    func lastOffsets() throws {
        let batch = RawBatch([UInt8](repeating: 0, count: 35), count: 5, lastOffsetDelta: 5).with(0, Int64.max - 6)
        #expect(try batch.header().nextOffset == Offset(.max))
        #expect(
            try RawBatch([], count: 0, lastOffsetDelta: .max - 1).header().lastOffset == Offset(Int64(Int32.max) - 1))
    }

    @Test("of another magic is refused as such", arguments: [0, 1, 3, -1] as [Int8])
    func magic(magic: Int8) {
        #expect(RawBatch([], count: 0).with(16, magic).error()?.code == .unsupportedMagic)
    }

    @Test("recognises codecs, append time, transactions, control batches and compacted ones")
    func attributes() {
        let codecs = (0...7).map { RecordBatchAttributes(rawValue: $0).codec }
        #expect(
            codecs == [.uncompressed, .gzip, .snappy, .lz4, .zstd, nil, nil, nil] as [RecordBatchAttributes.Codec?])
        let bits = (3...6).map { RecordBatchAttributes(rawValue: 1 << $0) }
        #expect(bits.map(\.timestampType) == [.logAppendTime, .createTime, .createTime, .createTime])
        #expect(bits.map(\.isTransactional) == [false, true, false, false])
        #expect(bits.map(\.isControl) == [false, false, true, false])
        #expect(bits.map(\.hasDeleteHorizon) == [false, false, false, true])
    }

    @Test("takes a base offset and a leader epoch without a new CRC")
    func stamp() throws {
        var batch = RecordBatchBuilder.batch(of: [
            Record(key: nil, value: [1], timestamp: Timestamp(millisecondsSince1970: 5))
        ])
        let before = try RawBatch(batch).header()
        batch.withUnsafeMutableBytes { RecordBatchHeader.stamp(baseOffset: Offset(1 << 40), leaderEpoch: 77, into: $0) }
        var expected = before
        expected.baseOffset = Offset(1 << 40)
        expected.partitionLeaderEpoch = 77
        #expect(try batch.withUnsafeBytes { try RecordBatchHeader.validate($0) } == expected)
    }

    @Test("is found at the start of a sound batch, and of no other")
    func soundAtStart() throws {
        let batch = RecordBatchBuilder.batch(of: [
            Record(key: nil, value: Bytes.random(count: 40, seed: 4), timestamp: Timestamp(millisecondsSince1970: 5))
        ])
        func sound(_ bytes: [UInt8]) -> RecordBatchHeader? {
            bytes.withUnsafeBytes { RecordBatchHeader(soundAtStartOf: $0) }
        }
        let header = try RawBatch(batch).header()
        #expect(sound(batch) == header)
        #expect(sound(batch + batch) == header)
        for count in 0..<batch.count where sound(Array(batch.prefix(count))) != nil { Issue.record("\(count) bytes") }
        // Base offset and leader epoch are not under the CRC.
        for place in batch.indices where !(0..<8).contains(place) && !(12..<16).contains(place) {
            var damaged = batch
            damaged[place] ^= 0x11
            if sound(damaged) != nil { Issue.record("byte \(place)") }
        }
    }

    // A batch of 4 KiB and more is taken by its own CRC.
    @Test("gives the CRC of everything up to the batch's end", arguments: [10, 3000, 4023, 4024, 4025, 100_000])
    func wholeChecksum(_ valueSize: Int) throws {
        let value = Bytes.random(count: valueSize, seed: 4)
        let batch = RecordBatchBuilder.batch(of: [
            Record(key: nil, value: value, timestamp: Timestamp(millisecondsSince1970: 5))
        ])
        let before = Bytes.random(count: 1000, seed: 5)
        let whole = (before + batch).withUnsafeBytes { crc32c($0) }
        let start = before.withUnsafeBytes { crc32c($0) }
        #expect(try batch.withUnsafeBytes { try RawBatch(batch).header().checksum(of: $0, continuing: start) } == whole)
    }

    @Test("says in one line what is wrong, with the values, and what to do")
    func message() {
        var batch = RawBatch([], count: 0).with(0, Int64(4711))
        batch.set(17, UInt32(0x0a))
        #expect(
            batch.error()?.description == """
                Batch at offset 4711 has CRC 0000000a, computed 3b61ef94. These bytes were damaged: verify the log, or have \
                the producer send again.
                """)
    }
}
