internal import CZstd

/// Zstandard (RFC 8878); several frames one behind the other are read as one.
struct ZstdDecompression: ~Copyable {
    private let context: OpaquePointer

    init() throws(CompressionDefect) {
        guard let context = ZSTD_createDCtx() else { throw .outOfMemory }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    func run(_ compressed: UnsafeRawBufferPointer, into output: inout CodecBuffer) throws(CompressionDefect) {
        // In one call, not as a stream: a stream takes memory for the window that the frame names, which is 128 MiB at the
        // highest levels however small the batch. The price is a new start when the room was too small.
        while true {
            let room = try output.room()
            let code = ZSTD_decompressDCtx(
                context, room.baseAddress, room.count, compressed.baseAddress, compressed.count)
            if ZSTD_isError(code) == 0 { return try output.advance(by: code) }
            switch ZSTD_getErrorCode(code) {
            case ZSTD_error_dstSize_tooSmall: try output.grow()
            case ZSTD_error_memory_allocation: throw .outOfMemory
            default: throw .malformed(String(libraryText: ZSTD_getErrorName(code)))
            }
        }
    }

    /// What the first frame says it becomes: a lie at worst, which the limit bounds. Kafka's Java client does not say.
    static func expectedCount(of compressed: UnsafeRawBufferPointer) -> Int {
        let size = ZSTD_getFrameContentSize(compressed.baseAddress, compressed.count)
        // The two largest numbers say that it is not known, or that this is no frame.
        return size >= UInt64.max - 1 ? 4 * compressed.count : Int(clamping: size)
    }
}

struct ZstdCompression: ~Copyable {
    private let context: OpaquePointer

    init() throws(CompressionDefect) {
        guard let context = ZSTD_createCCtx() else { throw .outOfMemory }
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// At the library's level 3, which is Kafka's default too.
    func run(_ records: UnsafeRawBufferPointer, into output: inout CodecBuffer) throws(CompressionDefect) {
        let room = try output.room(for: ZSTD_compressBound(records.count))
        let code = ZSTD_compress2(context, room.baseAddress, room.count, records.baseAddress, records.count)
        guard ZSTD_isError(code) == 0 else { throw .outOfMemory }
        try output.advance(by: code)
    }
}
