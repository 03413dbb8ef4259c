/// Reads the records of batches, one batch after another, whatever their codec.
///
/// Keep one for many batches: what it takes to decompress one is used for the next, so reading on allocates nothing, neither
/// per batch nor per record. A few hundred KiB are kept for each codec met, and at most 4 MiB of decompressed bytes.
package struct RecordDecoder: ~Copyable {
    package let limits: DecompressionLimits
    private var decompressor = Decompressor()

    package init(limits: DecompressionLimits = DecompressionLimits()) { self.limits = limits }

    /// Validates the batch, CRC and all, decompresses it, and lets `body` walk its records.
    ///
    /// The cursor and its slices must not leave `body`. Control batches and batches without records are walked like others:
    /// see ``RecordCursor/header``.
    /// - Throws: what ``RecordBatchHeader/validate(_:)`` throws; `.malformedCompression`; `.decompressionLimit`;
    ///   `.outOfMemory`; `.malformedRecord` if fewer bytes came out than the records need; and what `body` throws, as
    ///   ``RecordCursor/next()`` does. The decoder can go on with another batch after any of them.
    /// - Complexity: the CRC and the decompression of the batch. Without a codec, nothing is copied.
    @inline(__always)
    package mutating func withRecords<Result>(
        of wholeBatch: UnsafeRawBufferPointer,
        _ body: (inout RecordCursor) throws(RecordFormatError) -> Result
    ) throws(RecordFormatError) -> Result {
        try withRecords(of: wholeBatch, checked: try RecordBatchHeader.validate(wholeBatch), body)
    }

    /// The same for a batch that was just found sound: its CRC is not computed once more.
    /// - Parameter header: the batch's, as it was found with ``RecordBatchHeader/init(soundAtStartOf:)`` or
    ///   ``RecordBatchHeader/validate(_:)``.
    @inline(__always)
    package mutating func withRecords<Result>(
        of wholeBatch: UnsafeRawBufferPointer, checked header: RecordBatchHeader,
        _ body: (inout RecordCursor) throws(RecordFormatError) -> Result
    ) throws(RecordFormatError) -> Result {
        precondition(
            wholeBatch.count == header.totalSize, "A batch of \(header.totalSize) bytes came in \(wholeBatch.count)")
        var cursor = try cursor(over: wholeBatch, header)
        defer { decompressor.release() }
        return try body(&cursor)
    }

    /// The records of a batch, copied.
    /// - Throws: as ``withRecords(of:_:)``, and `.controlBatch` for a batch that holds no records for us.
    package mutating func records(
        of wholeBatch: UnsafeRawBufferPointer
    ) throws(RecordFormatError) -> [StoredRecord] {
        try withRecords(of: wholeBatch) { cursor throws(RecordFormatError) in try cursor.storedRecords() }
    }

    /// A cursor that is good until the decompressor is released or used again.
    private mutating func cursor(
        over wholeBatch: UnsafeRawBufferPointer, _ header: RecordBatchHeader
    ) throws(RecordFormatError) -> RecordCursor {
        var records = UnsafeRawBufferPointer(rebasing: wholeBatch[RecordBatchHeader.encodedSize...])
        // Without records there is nothing to decompress, not even an empty frame: a compaction leaves such batches.
        if let codec = header.attributes.codec, codec != .uncompressed, !(header.recordCount == 0 && records.isEmpty) {
            do throws(CompressionDefect) {
                records = try decompressor.decompress(records, codec, within: limits)
            } catch {
                throw error.error(batchAt: header.baseOffset, codec, count: records.count)
            }
        }
        return try RecordCursor(header, records: records)
    }
}

/// The records of one batch, copied; for many batches, a ``RecordDecoder`` costs less.
///
/// - Throws: `.controlBatch` for a sound batch that holds no records for us; everything else says that the batch is not sound,
///   or, as `.decompressionLimit`, not acceptable.
package func decodeRecords(_ wholeBatch: UnsafeRawBufferPointer) throws(RecordFormatError) -> [StoredRecord] {
    var decoder = RecordDecoder()
    return try decoder.records(of: wholeBatch)
}
