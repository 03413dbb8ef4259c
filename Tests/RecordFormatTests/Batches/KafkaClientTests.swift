import RecordFormat
import Testing

@Suite("A real Kafka client's record batch")
struct KafkaClientTests {
    static let readable = [
        "one-record", "nulls-and-empties", "headers", "non-ascii", "timestamps", "varint-lengths", "thousand-records",
        "transactional",
    ]
    static let compressed = ["gzip", "snappy", "snappy-raw", "lz4", "zstd"]

    @Test("decodes to the records that the client was given, and to its header", arguments: readable + compressed)
    func decodes(name: String) throws {
        let golden = try GoldenBatch(name)
        #expect(try BatchDescription(decoding: golden.bytes) == golden.description)
    }

    @Test("is what our builder makes of the same records, byte for byte", arguments: readable.dropLast())
    func encodes(name: String) throws {
        let golden = try GoldenBatch(name)
        var batch = RecordBatchBuilder.batch(of: golden.description.records.map(\.stored.record))
        batch.withUnsafeMutableBytes { RecordBatchHeader.stamp(baseOffset: .zero, leaderEpoch: 0, into: $0) }
        #expect(batch == golden.bytes)
    }

    @Test("that is part of a transaction is recognised")
    func transactional() throws {
        let header = try RawBatch(try GoldenBatch("transactional").bytes).header()
        #expect(header.attributes.isTransactional)
        #expect(header.producerID == 4_711_000_000_000)
    }

    @Test("and ours are the same to that client", .enabled(if: KafkaPython.isWanted, KafkaPython.missing))
    func readsOurs() throws {
        var generator = SeededGenerator(seed: 5)
        var batches = (0..<40).map { _ in
            RecordBatchBuilder.batch(of: (0..<20).map { _ in Record.random(using: &generator) })
        }
        for (number, index) in batches.indices.enumerated() {
            batches[index].withUnsafeMutableBytes {
                RecordBatchHeader.stamp(baseOffset: Offset(Int64(number) << 33), leaderEpoch: Int32(number), into: $0)
            }
        }
        batches += try Self.readable.map {
            RecordBatchBuilder.batch(of: try GoldenBatch($0).description.records.map(\.stored.record))
        }
        batches.append(RawBatch(batches[0]).with(21, Int16(1 << 3)).bytes)
        for codec in RecordBatchAttributes.Codec.compressing {
            var compressor = RecordCompressor(codec)
            for count in [1, 20, 2000] {
                var builder = RecordBatchBuilder()
                for _ in 0..<count {
                    var record = Record.random(using: &generator)
                    // Its timestamps have no end at which they could wrap.
                    record.timestamp = Timestamp(
                        millisecondsSince1970: record.timestamp.millisecondsSince1970 & 0xff_ffff_ffff)
                    builder.append(record)
                }
                batches.append(try builder.finish(with: &compressor))
            }
        }
        let theirs = try KafkaPython.describe(batches)
        #expect(theirs.count == batches.count)
        for (batch, description) in zip(batches, theirs) {
            #expect(try BatchDescription(decoding: batch) == description)
        }
    }
}
