import RecordFormat
import Testing

@Suite("A compressed record batch")
struct RecordCompressorTests {
    @Test(
        "gives back any records, of any size and number", arguments: RecordBatchAttributes.Codec.compressing,
        0..<12 as Range<UInt64>)
    func roundTrip(codec: RecordBatchAttributes.Codec, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var records = (0..<Int.random(in: 1...500, using: &generator)).map { _ in Record.random(using: &generator) }
        // Blocks of the framings: 32 KiB in snappy's, 64 KiB in lz4's, 128 KiB in zstd's; and bytes that do not shrink.
        let large = [0, 32_000, 70_000, 300_000][Int(seed % 4)]
        records.append(Record(key: nil, value: Bytes.random(count: large, seed: seed), timestamp: records[0].timestamp))
        let batch = try RecordBatchBuilder.batch(of: records, codec)
        #expect(try RawBatch(batch).decoded().map(\.record) == records)
        let (header, plain) = (try RawBatch(batch).header(), RawBatch(RecordBatchBuilder.batch(of: records)))
        var expected = try plain.header()
        expected.attributes = RecordBatchAttributes(codec: codec)
        expected.batchLength = Int32(batch.count - 12)
        expected.crc = header.crc
        #expect(header == expected)
    }

    @Test("is smaller, if its records are alike", arguments: RecordBatchAttributes.Codec.compressing)
    func smaller(codec: RecordBatchAttributes.Codec) throws {
        let records = (0..<100).map { _ in Record.run(of: 100) }
        #expect(try RecordBatchBuilder.batch(of: records, codec).count < 1500)
    }

    @Test("is the same whatever was compressed before it", arguments: RecordBatchAttributes.Codec.compressing)
    func reuse(codec: RecordBatchAttributes.Codec) throws {
        var generator = SeededGenerator(seed: 3)
        let records = (0..<50).map { _ in Record.random(using: &generator) }
        var builder = RecordBatchBuilder()
        var compressor = RecordCompressor(codec)
        for size in [10, 6 << 20, 100_000] {
            builder.append(Record.run(of: size))
            _ = try builder.finish(with: &compressor)
            #expect(builder.isEmpty && builder.byteCount == 61)
        }
        builder.append(contentsOf: records)
        #expect(try builder.finish(with: &compressor) == RecordBatchBuilder.batch(of: records, codec))
        builder.append(contentsOf: records)
        #expect(builder.finish() == RecordBatchBuilder.batch(of: records))
    }

    @Test("without a codec is an ordinary one")
    func uncompressed() throws {
        let records = [Record.run(of: 100)]
        #expect(try RecordBatchBuilder.batch(of: records, .uncompressed) == RecordBatchBuilder.batch(of: records))
    }
}
