/// Compresses the records of one batch after another, as Kafka's own clients do.
///
/// Keep one for many batches: the memory and the library's context are used again.
package struct RecordCompressor: ~Copyable {
    package let codec: RecordBatchAttributes.Codec
    private var buffer = CodecBuffer()
    private var gzip: GzipCompression?
    private var zstd: ZstdCompression?

    package init(_ codec: RecordBatchAttributes.Codec) { self.codec = codec }

    /// A batch with the same header and the same records, compressed.
    ///
    /// - Parameter wholeBatch: a batch that is not compressed and has records. Its CRC is not checked: whoever did not just
    ///   make the batch has to, or the new CRC makes damage look sound.
    /// - Throws: `.outOfMemory`, and what ``RecordBatchHeader/init(decoding:)`` throws.
    package mutating func compressed(_ wholeBatch: UnsafeRawBufferPointer) throws(RecordFormatError) -> [UInt8] {
        var header = try RecordBatchHeader(decoding: wholeBatch)
        precondition(
            header.attributes.codec == .uncompressed && header.totalSize == wholeBatch.count && header.recordCount > 0,
            "A batch of \(wholeBatch.count) bytes was to be compressed: \(header)")
        let plain = UnsafeRawBufferPointer(rebasing: wholeBatch[RecordBatchHeader.encodedSize...])
        defer { buffer.release() }
        let records: UnsafeRawBufferPointer
        do throws(CompressionDefect) { records = try compress(plain) } catch {
            throw error.error(batchAt: header.baseOffset, codec, count: plain.count)
        }
        let size = RecordBatchHeader.encodedSize + records.count
        header.batchLength = Int32(size - RecordBatchHeader.sizeBeforeLength)
        header.attributes = header.attributes.with(codec)
        return [UInt8](unsafeUninitializedCapacity: size) { memory, initialized in
            let batch = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(memory)[..<size])
            UnsafeMutableRawBufferPointer(rebasing: batch[RecordBatchHeader.encodedSize...]).copyMemory(from: records)
            header.encode(into: batch)
            initialized = size
        }
    }

    /// - Returns: the bytes, good until the buffer is released or the next call.
    private mutating func compress(_ records: UnsafeRawBufferPointer) throws(CompressionDefect)
        -> UnsafeRawBufferPointer
    {
        // No codec adds more to what it cannot compress.
        buffer.begin(limit: 2 * records.count + (256 << 10), expecting: 0)
        switch codec {
        case .uncompressed: return records
        case .gzip:
            if gzip == nil { gzip = try GzipCompression() }
            try gzip?.run(records, into: &buffer)
        case .snappy: try SnappyCompression().run(records, into: &buffer)
        case .lz4: try Lz4Compression().run(records, into: &buffer)
        case .zstd:
            if zstd == nil { zstd = try ZstdCompression() }
            try zstd?.run(records, into: &buffer)
        }
        return buffer.bytes
    }
}

extension RecordBatchBuilder {
    /// The batch, its records compressed as ``RecordCompressor/codec`` says. Then the builder is empty, whatever comes. There
    /// must be at least one record.
    /// - Throws: `.outOfMemory`.
    package mutating func finish(with compressor: inout RecordCompressor) throws(RecordFormatError) -> [UInt8] {
        let batch = finish()
        if compressor.codec == .uncompressed { return batch }
        return try batch.span.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
            try compressor.compressed(bytes)
        }
    }
}
