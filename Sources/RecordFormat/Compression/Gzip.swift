internal import CZlib

/// gzip (RFC 1952) by zlib; several members one behind the other are read as one.
struct GzipDecompression: ~Copyable {
    // zlib points from its state back to this, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// 15 bits of window, and 16 for "a gzip header, nothing else".
    fileprivate static let gzipWindow: Int32 = 15 + 16

    init() throws(CompressionDefect) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // What the macro inflateInit2 stands for.
        let code = inflateInit2_(stream, Self.gzipWindow, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func run(_ compressed: UnsafeRawBufferPointer, into output: inout CodecBuffer) throws(CompressionDefect) {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: compressed.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(compressed.count)
        repeat {
            inflateReset(stream)
            try member(into: &output)
        } while stream.pointee.avail_in > 0
    }

    private func member(into output: inout CodecBuffer) throws(CompressionDefect) {
        while true {
            let room = try output.room()
            let offered = UInt32(clamping: room.count)
            stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = offered
            // "Finish" saves zlib its own copy of the last 32 KiB when the room is enough; when not, it goes on all the same.
            let code = inflate(stream, Z_FINISH)
            try output.advance(by: Int(offered - stream.pointee.avail_out))
            switch code {
            case Z_STREAM_END: return
            case Z_OK, Z_BUF_ERROR:
                if stream.pointee.avail_out > 0 && stream.pointee.avail_in == 0 { throw .endsEarly }
            case Z_MEM_ERROR: throw .outOfMemory
            default: throw .malformed(String(libraryText: UnsafePointer(stream.pointee.msg) ?? zError(code)))
            }
        }
    }

    /// What the last four bytes say the last member becomes: a lie at worst, which the limit bounds.
    static func expectedCount(of compressed: UnsafeRawBufferPointer) -> Int {
        if compressed.count < 4 { return 0 }
        let size = compressed.loadUnaligned(fromByteOffset: compressed.count - 4, as: UInt32.self)
        return Int(UInt32(littleEndian: size))
    }
}

struct GzipCompression: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(CompressionDefect) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // The level is Kafka's default, the memory zlib's.
        let code = deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GzipDecompression.gzipWindow, 8, Z_DEFAULT_STRATEGY,
            ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            stream.deallocate()
            throw .outOfMemory
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func run(_ records: UnsafeRawBufferPointer, into output: inout CodecBuffer) throws(CompressionDefect) {
        deflateReset(stream)
        let room = try output.room(for: Int(deflateBound(stream, UInt(records.count))))
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: records.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(records.count)
        stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(room.count)
        let code = deflate(stream, Z_FINISH)
        precondition(code == Z_STREAM_END, "deflate into its own bound gave \(code)")
        try output.advance(by: room.count - Int(stream.pointee.avail_out))
    }
}
