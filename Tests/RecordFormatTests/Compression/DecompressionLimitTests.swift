import RecordFormat
import Testing

@Suite("The limits of decompression")
struct DecompressionLimitTests {
    @Test(
        "let through exactly as many bytes as they say, and not one more",
        arguments: RecordBatchAttributes.Codec.compressing, [0, 100, 16_383, 16_384, 70_000, 1_000_000])
    func exact(codec: RecordBatchAttributes.Codec, size: Int) throws {
        let record = Record.run(of: size)
        let batch = RawBatch(try RecordBatchBuilder.batch(of: [record], codec))
        let needed = RecordBatchBuilder.batch(of: [record]).count - 61
        #expect(batch.error(DecompressionLimits(maxBytes: needed, maxRatio: 1, freeBytes: needed)) == nil)
        #expect(batch.error(DecompressionLimits(maxBytes: needed, maxRatio: 1_000_000, freeBytes: 0)) == nil)
        let short = DecompressionLimits(maxBytes: needed - 1, maxRatio: 1_000_000, freeBytes: .max)
        #expect(batch.error(short)?.code == .decompressionLimit)
        let ratio = DecompressionLimits(maxBytes: .max - 1, maxRatio: 1, freeBytes: needed - 1)
        // What did not shrink is within any ratio.
        #expect(batch.error(ratio)?.code == (needed > batch.recordBytes.count ? .decompressionLimit : nil))
    }

    @Test("stop a bomb of each codec that shrinks so much", arguments: [.gzip, .zstd] as [RecordBatchAttributes.Codec])
    func bomb(codec: RecordBatchAttributes.Codec) throws {
        let bomb = RawBatch(try RecordBatchBuilder.batch(of: [.run(of: 140 << 20)], codec))
        #expect(bomb.bytes.count < 200_000)
        let error = bomb.error()
        #expect(error?.code == .decompressionLimit)
        #expect(
            error?.message.hasPrefix("Batch at offset 0, \(bomb.recordBytes.count) bytes of \(codec): they become")
                == true)
    }

    @Test("let a batch of equal records through")
    func alike() throws {
        for codec in RecordBatchAttributes.Codec.compressing {
            let records = (0..<3000).map { _ in Record.run(of: 1000) }
            #expect(RawBatch(try RecordBatchBuilder.batch(of: records, codec)).error() == nil)
        }
    }

    @Test("hold against sizes that are only claimed")
    func claims() {
        // A raw block of snappy of 2^32 - 1 bytes, in one byte of content.
        let snappy = RawBatch([0xff, 0xff, 0xff, 0xff, 0x0f, 0], .snappy, count: 1)
        #expect(snappy.error()?.code == .malformedCompression)
        // A frame of zstd that says 2^62 bytes: magic, a descriptor with an 8-byte size in one segment, the size.
        let zstd = RawBatch([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x40, 1, 0, 0], .zstd, count: 1)
        #expect([.malformedCompression, .decompressionLimit].contains(zstd.error()?.code))
    }

    @Test("do not care what window a frame of zstd names, because no memory is taken for it")
    func window() throws {
        // A frame of one raw block: magic, no content size, a window of 1 GiB, the block's length and "last".
        let record: [UInt8] = [12, 0, 0, 0, 1, 1, 0]
        let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0, 20 << 3, UInt8(record.count << 3 | 1), 0, 0] + record
        #expect(try RawBatch(frame, .zstd, count: 1).decoded().count == 1)
    }
}
