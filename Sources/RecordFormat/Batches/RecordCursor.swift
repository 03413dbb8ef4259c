/// Walks the records of a batch without copying them.
///
/// The cursor and the slices it hands out point into the batch: use both only while its bytes are there, as inside
/// `withUnsafeBytes`. Control batches can be walked too; see ``header``.
package struct RecordCursor {
    package let header: RecordBatchHeader
    private var reader: RecordReader
    private var recordsLeft: Int32
    private var lastDelta: Int32 = -1

    /// Validates the batch, CRC and all, except for the records themselves, which ``next()`` checks one by one.
    /// - Throws: `.unsupportedCodec` if the records are compressed, and what ``RecordBatchHeader/validate(_:)`` throws.
    package init(_ wholeBatch: UnsafeRawBufferPointer) throws(RecordFormatError) {
        header = try RecordBatchHeader.validate(wholeBatch)
        if let codec = header.attributes.codec, codec != .uncompressed {
            throw RecordFormatError(
                .unsupportedCodec, "Batch at offset \(header.baseOffset) is compressed with \(codec).")
        }
        let records = UnsafeRawBufferPointer(
            start: wholeBatch.baseAddress.map { $0 + RecordBatchHeader.encodedSize },
            count: wholeBatch.count - RecordBatchHeader.encodedSize)
        guard let reader = RecordReader(records) else {
            preconditionFailure("A batch of \(wholeBatch.count) bytes was validated at no address")
        }
        self.reader = reader
        recordsLeft = header.recordCount
    }

    /// - Returns: `nil` after the last record.
    /// - Throws: `.malformedRecord`, and the same again if called again.
    package mutating func next() throws(RecordFormatError) -> RecordSlices? {
        guard recordsLeft > 0 else {
            guard reader.bytesLeft == 0 else { throw malformed(.bytesLeft(reader.bytesLeft)) }
            return nil
        }
        // On copies, so that a failure leaves the cursor in front of the bad record.
        var (ahead, delta) = (reader, lastDelta)
        do throws(RecordDefect) {
            let record = try RecordSlices(&ahead, header: header, above: &delta)
            (reader, lastDelta) = (ahead, delta)
            recordsLeft -= 1
            return record
        } catch {
            throw malformed(error)
        }
    }

    private func malformed(_ defect: RecordDefect) -> RecordFormatError {
        let number = header.recordCount - recordsLeft
        let which = recordsLeft > 0 ? "record \(number + 1)" : number == 0 ? "the header" : "the last record"
        return RecordFormatError(
            .malformedRecord,
            "Batch at offset \(header.baseOffset), \(header.recordCount) records: \(which) \(defect.text).")
    }
}

/// The records of a batch, copied.
///
/// - Throws: `.controlBatch` and `.unsupportedCodec` for sound batches that hold no records for us; everything else says that
///   the batch is not sound.
package func decodeRecords(_ wholeBatch: UnsafeRawBufferPointer) throws(RecordFormatError) -> [StoredRecord] {
    var cursor = try RecordCursor(wholeBatch)
    let header = cursor.header
    if header.attributes.isControl {
        throw RecordFormatError(.controlBatch, "Batch at offset \(header.baseOffset) is a control batch.")
    }
    var records: [StoredRecord] = []
    // The header's own check has compared the count with the bytes there are.
    records.reserveCapacity(Int(header.recordCount))
    while let record = try cursor.next() { records.append(record.storedRecord()) }
    return records
}
