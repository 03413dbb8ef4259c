import CLz4
import CSnappy
import CZlib
import CZstd
import RecordFormat

/// The codecs' libraries called directly, once per batch, into memory that is large enough and was written before.
struct RawLibrary: ~Copyable {
    private let codec: RecordBatchAttributes.Codec
    private let room: UnsafeMutableRawBufferPointer
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private var lz4: OpaquePointer?
    private let zstd = ZSTD_createDCtx()

    init(_ codec: RecordBatchAttributes.Codec, room: Int) {
        self.codec = codec
        self.room = .allocate(byteCount: room, alignment: 16)
        self.room.initializeMemory(as: UInt8.self, repeating: 1)
        stream.initialize(to: z_stream())
        inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        LZ4F_createDecompressionContext(&lz4, UInt32(LZ4F_VERSION))
    }

    deinit {
        room.deallocate()
        inflateEnd(stream)
        stream.deallocate()
        LZ4F_freeDecompressionContext(lz4)
        ZSTD_freeDCtx(zstd)
    }

    mutating func decompress(_ batches: [[UInt8]]) -> Int {
        var sum = 0
        for batch in batches {
            sum &+= batch.withUnsafeBytes {
                run(UnsafeRawBufferPointer(rebasing: $0[RecordBatchHeader.encodedSize...]))
            }
        }
        return sum
    }

    private func run(_ input: UnsafeRawBufferPointer) -> Int {
        switch codec {
        case .uncompressed:
            room.copyMemory(from: input)
            return input.count
        case .gzip:
            inflateReset(stream)
            stream.pointee.next_in = UnsafeMutablePointer(
                mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.pointee.avail_in = UInt32(input.count)
            stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room.count)
            let code = inflate(stream, Z_FINISH)
            precondition(code == Z_STREAM_END, "inflate gave \(code)")
            return room.count - Int(stream.pointee.avail_out)
        case .snappy:
            // The framing's header, then blocks of 32 KiB.
            var (position, written) = (16, 0)
            while position < input.count {
                let length = Int(Int32(bigEndian: input.loadUnaligned(fromByteOffset: position, as: Int32.self)))
                position += 4
                var size = room.count - written
                let status = snappy_uncompress(
                    input.baseAddress.map { ($0 + position).assumingMemoryBound(to: CChar.self) }, length,
                    room.baseAddress.map { ($0 + written).assumingMemoryBound(to: CChar.self) }, &size)
                precondition(status == SNAPPY_OK, "Snappy gave \(status)")
                position += length
                written += size
            }
            return written
        case .lz4:
            var (written, taken) = (room.count, input.count)
            let code = LZ4F_decompress(lz4, room.baseAddress, &written, input.baseAddress, &taken, nil)
            precondition(code == 0, "LZ4 gave \(code)")
            return written
        case .zstd:
            let code = ZSTD_decompressDCtx(zstd, room.baseAddress, room.count, input.baseAddress, input.count)
            precondition(ZSTD_isError(code) == 0, "Zstandard gave \(code)")
            return code
        }
    }
}
