internal import CLz4

/// LZ4's frame format; several frames one behind the other are read as one. Not to be used again after an error.
struct Lz4Decompression: ~Copyable {
    private let context: OpaquePointer

    init() throws(CompressionDefect) {
        var context: OpaquePointer?
        let code = LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(code) == 0, let context else { throw .outOfMemory }
        self.context = context
    }

    deinit { LZ4F_freeDecompressionContext(context) }

    func run(_ compressed: UnsafeRawBufferPointer, into output: inout CodecBuffer) throws(CompressionDefect) {
        var rest = compressed[...]
        while true {
            let room = try output.room()
            let input = UnsafeRawBufferPointer(rebasing: rest)
            var (written, taken) = (room.count, input.count)
            let code = LZ4F_decompress(context, room.baseAddress, &written, input.baseAddress, &taken, nil)
            guard LZ4F_isError(code) == 0 else { throw .malformed(String(libraryText: LZ4F_getErrorName(code))) }
            try output.advance(by: written)
            rest = rest.dropFirst(taken)
            // Nothing more is expected: the frame has ended.
            if code == 0 {
                if rest.isEmpty { return }
            } else if rest.isEmpty && written < room.count {
                throw .endsEarly
            }
        }
    }

    /// A guess: the frame seldom says, and text becomes three to five times as large.
    static func expectedCount(of compressed: UnsafeRawBufferPointer) -> Int { 4 * compressed.count }
}

struct Lz4Compression {
    func run(_ records: UnsafeRawBufferPointer, into output: inout CodecBuffer) throws(CompressionDefect) {
        // As Kafka's client writes it. Its reader knows no other blocks than independent ones.
        var preferences = LZ4F_preferences_t()
        preferences.frameInfo.blockSizeID = LZ4F_max64KB
        preferences.frameInfo.blockMode = LZ4F_blockIndependent
        let room = try output.room(for: LZ4F_compressFrameBound(records.count, &preferences))
        let code = LZ4F_compressFrame(room.baseAddress, room.count, records.baseAddress, records.count, &preferences)
        guard LZ4F_isError(code) == 0 else { throw .outOfMemory }
        try output.advance(by: code)
    }
}
