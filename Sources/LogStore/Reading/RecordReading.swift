package import RecordFormat

extension LogDirectory {
    /// Reads records from `offset` on, below `limit` and about `maxBytes` of the log, and calls `body` with each where it lies:
    /// it is there only until `body` returns. Control records, which are nobody's, are passed over.
    ///
    /// - Parameters:
    ///   - isolation: for committed records, `limit` must be at or below the last stable offset.
    ///   - decoder: keep one for many reads; it limits what may come out of a compressed batch.
    /// - Returns: where the next read goes on.
    /// - Throws: as ``read(_:from:upTo:maxBytes:_:)``; `.corrupt` as well where a batch's CRC fits and its records do
    ///   not decode, with the offset behind that batch.
    /// - Complexity: a copy by the system, a CRC, and the decompression. Nothing is allocated for a batch or a record.
    package func readRecords(
        _ partition: Partition, from offset: Offset, upTo limit: Offset, maxBytes: Int,
        isolation: Isolation = .uncommitted, with decoder: inout RecordDecoder, _ body: (RecordSlices) -> Void
    ) throws(LogStoreError) -> Offset {
        var failure: (error: RecordFormatError, at: Offset, next: Offset)?
        var aborted = AbortedBatches(partition, of: self, below: limit)
        var trouble: LogStoreError?
        var reached = offset
        let next = try read(partition, from: offset, upTo: limit, maxBytes: maxBytes) { header, batch in
            if failure != nil || trouble != nil || header.attributes.isControl { return }
            if isolation == .committed {
                do throws(LogStoreError) {
                    if try aborted.contains(header) { return }
                } catch {
                    trouble = error
                    return
                }
            }
            do throws(RecordFormatError) {
                try decoder.withRecords(of: batch, checked: header) { cursor throws(RecordFormatError) in
                    while let record = try cursor.next() {
                        if record.offset < reached || record.offset >= limit { continue }
                        body(record)
                        reached = record.offset.advanced(by: 1)
                    }
                }
            } catch {
                failure = (error, max(header.baseOffset, reached), header.nextOffset)
            }
        }
        if let trouble { throw trouble }
        guard let failure else { return next }
        // What was good is handed out first; the error comes with the next read.
        if failure.at > offset { return failure.at }
        throw LogStoreError(
            .corrupt,
            "\(partition.topicPartition) has a batch at offset \(failure.at) that does not decode: \(failure.error)",
            remedy: "Run `edgebroker log dump` on the partition.", nextReadable: failure.next)
    }
}
