import RecordFormat

/// Building indexes from the segment itself.
extension SegmentIndexes {
    /// Notes the batches from ``end`` on, up to `size`, or to the first that is not good.
    ///
    /// - Parameters:
    ///   - next: the offset at ``end``.
    ///   - producers: as they were there, and then as they are behind the last batch noted; `nil` if nobody knows.
    ///   - appendTime: the latest that a batch may have been appended at.
    /// - Returns: the offset behind the last batch noted; `nil` if a transaction was aborted and without the producers nobody
    ///   can say which. Then they are not to be used.
    mutating func walk(
        _ file: any DiskFile, to size: Int, base: Offset, from next: Offset, producers: inout ProducerStates?,
        appendTime: Timestamp
    ) throws(DiskError) -> Offset? {
        var scanner = BatchScanner(file, from: end, to: size, expecting: next, countsChecksum: false)
        while case .good(let good) = try scanner.next() {
            note(good.header, position: good.position, size: good.size, base: base)
            let isControl = good.header.producerID >= 0 && good.header.attributes.isControl
            let marker = isControl ? scanner.withBytes(of: good) { TransactionMarker(of: $0) } : nil
            if producers == nil, marker?.kind == .abort { return nil }
            if let aborted = producers?.apply(good.header, marker: marker, at: appendTime) { note(aborted) }
        }
        return scanner.expected
    }
}
