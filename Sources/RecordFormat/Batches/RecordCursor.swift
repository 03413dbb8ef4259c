/// Walks the records of a batch without copying them.
///
/// The cursor and the slices it hands out point into the batch, or into what ``RecordDecoder`` made of it: use both only while
/// these bytes are there, as inside `withUnsafeBytes`. Control batches can be walked too; see ``header``.
package struct RecordCursor {
    package let header: RecordBatchHeader
    private var reader: RecordReader
    private var recordsLeft: Int32
    private var lastDelta: Int32 = -1

    /// Validates a batch that is not compressed, CRC and all, except for the records themselves, which ``next()`` checks one
    /// by one. Control batches are never compressed.
    /// - Throws: `.compressed`, and what ``RecordBatchHeader/validate(_:)`` throws.
    package init(_ wholeBatch: UnsafeRawBufferPointer) throws(RecordFormatError) {
        let header = try RecordBatchHeader.validate(wholeBatch)
        if let codec = header.attributes.codec, codec != .uncompressed {
            throw RecordFormatError(
                .compressed, "Batch at offset \(header.baseOffset) is compressed with \(codec).")
        }
        try self.init(
            header, records: UnsafeRawBufferPointer(rebasing: wholeBatch[RecordBatchHeader.encodedSize...]))
    }

    /// - Parameter records: the records of a batch that was validated, no longer compressed.
    init(_ header: RecordBatchHeader, records: UnsafeRawBufferPointer) throws(RecordFormatError) {
        guard let reader = RecordReader(records) else {
            preconditionFailure("Records of the batch at \(header.baseOffset) lie at no address")
        }
        self.header = header
        self.reader = reader
        recordsLeft = header.recordCount
        // Before anyone takes memory for as many records. Of uncompressed ones, the header's own check knew it.
        guard Int(header.recordCount) <= records.count / RecordSlices.smallestRecord else {
            throw RecordFormatError(
                .malformedRecord,
                "Batch at offset \(header.baseOffset), \(header.recordCount) records: they do not fit into the "
                    + "\(records.count) bytes that came out of its codec.")
        }
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

    /// The records that are left, copied.
    mutating func storedRecords() throws(RecordFormatError) -> [StoredRecord] {
        if header.attributes.isControl {
            throw RecordFormatError(.controlBatch, "Batch at offset \(header.baseOffset) is a control batch.")
        }
        var records: [StoredRecord] = []
        // The count has been compared with the bytes there are.
        records.reserveCapacity(Int(recordsLeft))
        while let record = try next() { records.append(record.storedRecord()) }
        return records
    }
}
