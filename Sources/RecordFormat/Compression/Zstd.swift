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
        // A frame before this may have ended in an error.
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        var input = ZSTD_inBuffer(src: compressed.baseAddress, size: compressed.count, pos: 0)
        while true {
            let room = try output.room()
            var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            let code = ZSTD_decompressStream(context, &target, &input)
            guard ZSTD_isError(code) == 0 else { throw .malformed(String(libraryText: ZSTD_getErrorName(code))) }
            try output.advance(by: target.pos)
            // Nothing more is expected: the frame has ended.
            if code == 0 {
                if input.pos == input.size { return }
            } else if input.pos == input.size && target.pos < room.count {
                throw .endsEarly
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
