import RecordFormat
import Testing

@Suite("Compressed records that were written wrongly, under a CRC that fits")
struct MalformedCompressionTests {
    private static func batch(_ codec: RecordBatchAttributes.Codec, seed: UInt64) throws -> RawBatch {
        var generator = SeededGenerator(seed: seed)
        return RawBatch(
            try RecordBatchBuilder.batch(of: (0..<8).map { _ in Record.random(using: &generator) }, codec))
    }

    @Test("are refused when they are cut, wherever", arguments: RecordBatchAttributes.Codec.compressing)
    func truncated(codec: RecordBatchAttributes.Codec) throws {
        let batch = try Self.batch(codec, seed: 1)
        for count in 0..<batch.recordBytes.count {
            let error = batch.with(recordBytes: Array(batch.recordBytes[..<count])).error()
            if error?.code != .malformedCompression && error?.code != .malformedRecord {
                Issue.record("the first \(count) bytes: \(error?.message ?? "decoded")")
            }
        }
    }

    @Test("are refused when something follows them", arguments: RecordBatchAttributes.Codec.compressing)
    func followed(codec: RecordBatchAttributes.Codec) throws {
        let batch = try Self.batch(codec, seed: 2)
        for tail in [[0], [1, 2, 3, 4, 5], [UInt8](repeating: 0xff, count: 100)] as [[UInt8]] {
            #expect(batch.with(recordBytes: batch.recordBytes + tail).error()?.code == .malformedCompression)
        }
    }

    @Test(
        "decode to records in order or are refused, whatever bytes are changed",
        arguments: RecordBatchAttributes.Codec.compressing, 0..<4 as Range<UInt64>)
    func changed(codec: RecordBatchAttributes.Codec, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sound = try Self.batch(codec, seed: seed)
        var refused = 0
        for _ in 0..<1000 {
            var batch = sound
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 61..<batch.bytes.count, using: &generator)
                batch.bytes[position] =
                    [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &generator)]
                    .randomElement(using: &generator) ?? 0
            }
            batch.seal()
            guard let records = try? batch.decoded() else {
                refused += 1
                continue
            }
            let offsets = records.map(\.offset)
            if offsets.count != 8 || zip(offsets, offsets.dropFirst()).contains(where: { $0 >= $1 }) {
                Issue.record("decoded to offsets \(offsets): \(batch.bytes)")
            }
        }
        #expect(refused > 100)
    }

    @Test("are refused when they are random", arguments: RecordBatchAttributes.Codec.compressing)
    func random(codec: RecordBatchAttributes.Codec) {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<3000 {
            let bytes = Bytes.random(count: Int.random(in: 0...80, using: &generator), using: &generator)
            if RawBatch(bytes, codec, count: 1).error() == nil { Issue.record("decoded: \(bytes)") }
        }
    }

    @Test("are refused when more are counted than came out", arguments: RecordBatchAttributes.Codec.compressing)
    func tooFew(codec: RecordBatchAttributes.Codec) throws {
        let batch = try Self.batch(codec, seed: 4).with(57, Int32.max - 1).with(23, Int32.max - 1)
        let error = batch.error()
        #expect(error?.code == .malformedRecord)
        #expect(error?.message.contains("2147483646 records: they do not fit into the ") == true)
    }

    @Test(
        "are refused in snappy's framing, if a block's length is not there, negative, or too large",
        arguments: [
            [0, 0, 0], [0xff, 0xff, 0xff, 0xff, 0], [0, 0, 0, 9, 1, 0, 0], [0, 0, 0, 0], [0x7f, 0xff, 0xff, 0xff, 0],
        ] as [[UInt8]])
    func framing(rest: [UInt8]) {
        let header: [UInt8] = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]
        #expect(RawBatch(header + rest, .snappy, count: 1).error()?.code == .malformedCompression)
        // Without a block there are no records, but the framing is as it should be.
        #expect(RawBatch(header, .snappy, count: 1).error()?.code == .malformedRecord)
        #expect(RawBatch(Array(header.prefix(8)), .snappy, count: 1).error()?.code == .malformedCompression)
    }

    @Test("say what the codec's library says, with the values, and what to do")
    func message() {
        #expect(
            RawBatch([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 7], .gzip, count: 1).error()?.description == """
                Batch at offset 0, 11 bytes of gzip: invalid block type. The producer's client writes a wrong format: name \
                its version in a report and update it.
                """)
        #expect(
            RawBatch([], .gzip, count: 1).error()?.message == "Batch at offset 0, 0 bytes of gzip: they end too early.")
    }
}
