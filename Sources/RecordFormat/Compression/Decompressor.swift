/// Decompresses the records of one batch after another, with the same memory and the same contexts of the libraries.
///
/// A context is made when the first batch of its codec comes: 40 KiB for gzip, twice the frame's block (64 KiB to 4 MiB) for
/// lz4, 95 KiB for zstd, nothing for snappy.
struct Decompressor: ~Copyable {
    private var buffer = CodecBuffer()
    private var gzip: GzipDecompression?
    private var lz4: Lz4Decompression?
    private var zstd: ZstdDecompression?

    init() {}

    /// - Returns: the bytes, good until ``release()`` or the next call.
    mutating func decompress(
        _ compressed: UnsafeRawBufferPointer, _ codec: RecordBatchAttributes.Codec, within limits: DecompressionLimits
    ) throws(CompressionDefect) -> UnsafeRawBufferPointer {
        let limit = limits.bytes(from: compressed.count)
        switch codec {
        case .uncompressed: return compressed
        case .gzip:
            buffer.begin(limit: limit, expecting: GzipDecompression.expectedCount(of: compressed))
            if gzip == nil { gzip = try GzipDecompression() }
            try gzip?.run(compressed, into: &buffer)
        case .snappy:
            buffer.begin(limit: limit, expecting: 0)
            try SnappyDecompression().run(compressed, into: &buffer)
        case .lz4:
            buffer.begin(limit: limit, expecting: Lz4Decompression.expectedCount(of: compressed))
            if lz4 == nil { lz4 = try Lz4Decompression() }
            do throws(CompressionDefect) { try lz4?.run(compressed, into: &buffer) } catch {
                // What a broken frame said of its size stays in the context (liblz4 up to 1.9.4) and would spoil the next frame.
                lz4 = nil
                throw error
            }
        case .zstd:
            buffer.begin(limit: limit, expecting: ZstdDecompression.expectedCount(of: compressed))
            if zstd == nil { zstd = try ZstdDecompression() }
            try zstd?.run(compressed, into: &buffer)
        }
        return buffer.bytes
    }

    mutating func release() { buffer.release() }
}
