import RecordFormat

/// Building indexes from the segment itself.
extension SegmentIndexes {
    /// Notes the batches from ``end`` on, up to `size`, or to the first that is not good.
    ///
    /// - Parameters:
    ///   - next: the offset at ``end``.
    ///   - producers: as they were there; `nil` if nobody knows.
    /// - Returns: the offset behind the last batch noted; `nil` if a transaction was aborted and without the producers nobody
    ///   can say which. Then they are not to be used.
    mutating func walk(
        _ file: any DiskFile, to size: Int, base: Offset, from next: Offset, producers: inout ProducerStates?
    ) throws(DiskError) -> Offset? {
        var scanner = BatchScanner(file, from: end, to: size, expecting: next, countsChecksum: false)
        while case .good(let good) = try scanner.next() {
            note(good.header, position: good.position, size: good.size, base: base)
            if good.header.producerID < 0 { continue }
            let marker =
                good.header.attributes.isControl ? scanner.withBytes(of: good) { TransactionMarker(of: $0) } : nil
            if producers == nil, marker?.kind == .abort { return nil }
            // The time of the append is no matter here.
            if let aborted = producers?.apply(good.header, marker: marker, at: good.header.maxTimestamp) {
                note(aborted)
            }
        }
        return scanner.expected
    }
}
