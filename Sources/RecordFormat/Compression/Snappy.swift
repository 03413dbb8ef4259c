internal import CSnappy

/// Snappy in the framing of the Java library (xerial), which Kafka's own clients write, or without any, as librdkafka does.
///
/// | at | size | field          | meaning                                          |
/// |---:|-----:|:---------------|:-------------------------------------------------|
/// |  0 |    8 | `magic`        | 82 53 4e 41 50 50 59 00 (0x82, "SNAPPY", 0)      |
/// |  8 |    4 | `version`      | 1, big-endian                                    |
/// | 12 |    4 | `compatible`   | 1: oldest version that can read it               |
/// | 16 |    4 | `blockLength`  | bytes of the block that follows; then the next   |
/// | 20 |      | block          | raw Snappy, which begins with its own size       |
///
/// Valid when the blocks end where the bytes end. What does not begin with the magic is one raw block.
enum SnappyFraming {
    static let magic: [UInt8] = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]
    static let headerSize = 16
    static let lengthSize = 4
    static let version: UInt32 = 1
    /// What the Java library puts into a block.
    static let blockSize = 32 << 10
    /// Snappy's densest element is a copy of 64 bytes in three: who claims more lies, and gets no memory for it.
    static let greatestRatio = 22

    static func isFramed(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: magic) }
}

struct SnappyDecompression {
    func run(_ compressed: UnsafeRawBufferPointer, into output: inout CodecBuffer) throws(CompressionDefect) {
        guard SnappyFraming.isFramed(compressed) else { return try Self.block(compressed, into: &output) }
        guard compressed.count >= SnappyFraming.headerSize else { throw .endsEarly }
        var position = SnappyFraming.headerSize
        while position < compressed.count {
            guard compressed.count - position >= SnappyFraming.lengthSize else { throw .endsEarly }
            let length = Int(
                Int32(bigEndian: compressed.loadUnaligned(fromByteOffset: position, as: Int32.self)))
            position += SnappyFraming.lengthSize
            guard length >= 0 else { throw .malformed("a block has a length of \(length)") }
            guard length <= compressed.count - position else { throw .endsEarly }
            try Self.block(
                UnsafeRawBufferPointer(rebasing: compressed[position..<(position + length)]), into: &output)
            position += length
        }
    }

    private static func block(
        _ block: UnsafeRawBufferPointer, into output: inout CodecBuffer
    ) throws(CompressionDefect) {
        let input = block.baseAddress?.assumingMemoryBound(to: CChar.self)
        var size = 0
        guard snappy_uncompressed_length(input, block.count, &size) == SNAPPY_OK,
            size >= 0, size <= SnappyFraming.greatestRatio * block.count
        else { throw .malformed("a block says a size that it cannot have") }
        let room = try output.room(for: size)
        var written = room.count
        guard
            snappy_uncompress(
                input, block.count, room.baseAddress?.assumingMemoryBound(to: CChar.self), &written) == SNAPPY_OK,
            written == size
        else { throw .malformed("a block of \(block.count) bytes is not Snappy's") }
        try output.advance(by: written)
    }
}

struct SnappyCompression {
    func run(_ records: UnsafeRawBufferPointer, into output: inout CodecBuffer) throws(CompressionDefect) {
        try Self.put(SnappyFraming.magic, into: &output)
        try Self.put(SnappyFraming.version, into: &output)
        try Self.put(SnappyFraming.version, into: &output)
        var rest = records[...]
        while !rest.isEmpty {
            let block = UnsafeRawBufferPointer(rebasing: rest.prefix(SnappyFraming.blockSize))
            rest = rest.dropFirst(block.count)
            let bound = snappy_max_compressed_length(block.count)
            let room = try output.room(for: SnappyFraming.lengthSize + bound)
            let target = room.baseAddress.map { $0 + SnappyFraming.lengthSize }
            var written = bound
            let status = snappy_compress(
                block.baseAddress?.assumingMemoryBound(to: CChar.self), block.count,
                target?.assumingMemoryBound(to: CChar.self), &written)
            precondition(status == SNAPPY_OK, "Snappy into its own bound gave \(status)")
            room.storeBytes(of: UInt32(written).bigEndian, as: UInt32.self)
            try output.advance(by: SnappyFraming.lengthSize + written)
        }
    }

    private static func put(_ bytes: [UInt8], into output: inout CodecBuffer) throws(CompressionDefect) {
        try output.room(for: bytes.count).copyBytes(from: bytes)
        try output.advance(by: bytes.count)
    }

    private static func put(_ number: UInt32, into output: inout CodecBuffer) throws(CompressionDefect) {
        try output.room(for: 4).storeBytes(of: number.bigEndian, as: UInt32.self)
        try output.advance(by: 4)
    }
}
