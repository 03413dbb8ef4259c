import RecordFormat
import Testing

@Suite("A record decoder")
struct RecordDecoderTests {
    private static func values(_ batch: [UInt8], _ decoder: inout RecordDecoder) throws -> [[UInt8]?] {
        try decode(batch, &decoder).map(\.record.value)
    }

    private static func decode(
        _ batch: [UInt8], _ decoder: inout RecordDecoder
    ) throws(RecordFormatError) -> [StoredRecord] {
        try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in try decoder.records(of: bytes) }
    }

    @Test("reads batches of every codec one after another, also after batches that it refused")
    func anyOrder() throws {
        var generator = SeededGenerator(seed: 1)
        var decoder = RecordDecoder()
        for _ in 0..<300 {
            let codec = RecordBatchAttributes.Codec(rawValue: .random(in: 0...4, using: &generator)) ?? .zstd
            let records = (0..<Int.random(in: 1...50, using: &generator)).map { _ in Record.random(using: &generator) }
            let batch = RawBatch(try RecordBatchBuilder.batch(of: records, codec))
            #expect(try Self.decode(batch.bytes, &decoder).map(\.record) == records)
            let cut = batch.with(recordBytes: batch.recordBytes.dropLast())
            #expect(throws: RecordFormatError.self) { try Self.decode(cut.bytes, &decoder) }
        }
    }

    @Test("reads on behind an lz4 frame that says its size and ends early")
    func brokenFrameWithSize() throws {
        let batch = RawBatch(try GoldenBatch("lz4").bytes)
        var decoder = RecordDecoder()
        for cut in 1...8 {
            let broken = batch.with(recordBytes: batch.recordBytes.dropLast(cut))
            #expect(throws: RecordFormatError.self) { try Self.decode(broken.bytes, &decoder) }
            let next = try RecordBatchBuilder.batch(of: [Record.run(of: 100)], .lz4)
            #expect(try Self.decode(next, &decoder).count == 1)
        }
    }

    @Test(
        "puts the records of the next batch where those of the last one were",
        arguments: [.gzip, .snappy, .lz4, .zstd]
            as [RecordBatchAttributes.Codec])
    func sameMemory(codec: RecordBatchAttributes.Codec) throws {
        let batch = try RecordBatchBuilder.batch(of: (0..<500).map { _ in Record.run(of: 100) }, codec)
        var decoder = RecordDecoder()
        let places = try (0..<10).map { _ in
            try batch.withUnsafeBytes { bytes in
                try decoder.withRecords(of: bytes) { cursor throws(RecordFormatError) in
                    try cursor.next()?.value?.baseAddress
                }
            }
        }
        #expect(Set(places.dropFirst()).count == 1 && places.last != .some(nil))
    }

    @Test("hands out records of an uncompressed batch where they lie in it")
    func inPlace() throws {
        let batch = RecordBatchBuilder.batch(of: [Record.run(of: 10)])
        var decoder = RecordDecoder()
        try batch.withUnsafeBytes { bytes in
            let place = try decoder.withRecords(of: bytes) { cursor throws(RecordFormatError) in
                try cursor.next()?.value?.baseAddress
            }
            #expect(place == bytes.baseAddress.map { $0 + batch.count - 11 })
        }
    }

    @Test("passes on what the walk throws, and goes on with the next batch")
    func failingWalk() throws {
        var decoder = RecordDecoder()
        let batch = RawBatch([12, 0, 0, 0, 1, 1, 0, 12, 0, 0, 0, 1, 1, 0], count: 2)
        let error = #expect(throws: RecordFormatError.self) { try Self.values(batch.bytes, &decoder) }
        #expect(error?.code == .malformedRecord)
        #expect(try Self.values(RecordBatchBuilder.batch(of: [Record.run(of: 1)], .lz4), &decoder) == [[0]])
    }

    @Test(
        "finds nothing in a batch that a compaction emptied, whatever codec it names",
        arguments: 0...4 as ClosedRange<Int16>)
    func empty(codec: Int16) throws {
        var decoder = RecordDecoder()
        let batch = RawBatch([], count: 0, lastOffsetDelta: 9).with(21, codec)
        #expect(try Self.values(batch.bytes, &decoder) == [])
    }

    @Test("walks control batches, which hold no records to copy")
    func control() throws {
        let marker = RawBatch([32, 0, 0, 0, 8, 0, 0, 0, 1, 12, 0, 0, 0, 0, 0, 5, 0], count: 1).with(21, Int16(0x30))
        var decoder = RecordDecoder()
        let error = #expect(throws: RecordFormatError.self) { try Self.values(marker.bytes, &decoder) }
        #expect(error?.code == .controlBatch)
        let key = try marker.bytes.withUnsafeBytes { bytes in
            try decoder.withRecords(of: bytes) { cursor throws(RecordFormatError) in
                try cursor.next()?.key.map(Array.init)
            }
        }
        #expect(key == [0, 0, 0, 1])
    }

    @Test(
        "reads several frames, one behind the other, as one",
        arguments: [.gzip, .lz4, .zstd] as [RecordBatchAttributes.Codec])
    func frames(codec: RecordBatchAttributes.Codec) throws {
        let once = RawBatch(try RecordBatchBuilder.batch(of: [Record.run(of: 40)], codec))
        let twice = once.with(recordBytes: once.recordBytes + once.recordBytes).with(23, Int32(1)).with(57, Int32(2))
        // Both were read: the second record is there, and has the first one's offset.
        #expect(twice.error()?.message.contains("record 2 has offset delta 0") == true)
    }
}
