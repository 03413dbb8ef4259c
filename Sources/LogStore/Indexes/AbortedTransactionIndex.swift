package import RecordFormat

/// One entry of a segment's `.txnindex` file: 34 bytes, big-endian, as Kafka writes it. It stands in the segment that holds
/// the abort marker; the records may begin in an earlier one.
///
/// | at | size | field              | meaning                                                                  |
/// |---:|-----:|:-------------------|:-------------------------------------------------------------------------|
/// |  0 |    2 | `version`          | 0                                                                        |
/// |  2 |    8 | `producerID`       |                                                                          |
/// | 10 |    8 | `firstOffset`      | of the transaction in this partition                                     |
/// | 18 |    8 | `lastOffset`       | the abort marker's                                                       |
/// | 26 |    8 | `lastStableOffset` | once the marker was written: nothing below belongs to an open transaction |
package struct AbortedTransaction: Sendable, Equatable {
    package static let encodedSize = 34
    fileprivate static let version: Int16 = 0

    package let producerID: Int64
    package let firstOffset: Offset
    package let lastOffset: Offset
    package let lastStableOffset: Offset

    package init(producerID: Int64, firstOffset: Offset, lastOffset: Offset, lastStableOffset: Offset) {
        self.producerID = producerID
        self.firstOffset = firstOffset
        self.lastOffset = lastOffset
        self.lastStableOffset = lastStableOffset
    }
}

/// The aborted transactions whose markers are in one segment, in the markers' order.
///
/// A cache, but one whose loss shows records that were taken back: it is trusted only with a checksum.
package struct AbortedTransactionIndex: Sendable, Equatable {
    package private(set) var entries: [AbortedTransaction] = []

    package init() {}

    package mutating func note(_ transaction: AbortedTransaction) { entries.append(transaction) }

    /// Those with records in `offsets`.
    /// - Returns: also whether no later segment can hold more of them.
    package func overlapping(_ offsets: Range<Offset>) -> (transactions: [AbortedTransaction], isComplete: Bool) {
        var found: [AbortedTransaction] = []
        for entry in entries {
            if entry.lastOffset >= offsets.lowerBound, entry.firstOffset < offsets.upperBound { found.append(entry) }
            if entry.lastStableOffset >= offsets.upperBound { return (found, true) }
        }
        return (found, false)
    }

    package var encoded: [UInt8] {
        var writer = FieldWriter(reserving: entries.count * AbortedTransaction.encodedSize)
        for entry in entries {
            writer.append(AbortedTransaction.version)
            writer.append(entry.producerID)
            writer.append(entry.firstOffset.rawValue)
            writer.append(entry.lastOffset.rawValue)
            writer.append(entry.lastStableOffset.rawValue)
        }
        return writer.bytes
    }

    /// - Returns: `nil` if the bytes are no such index of a segment from `base` to `nextOffset`.
    package init?(decoding bytes: [UInt8], base: Offset, nextOffset: Offset) {
        guard bytes.count % AbortedTransaction.encodedSize == 0 else { return nil }
        var reader = FieldReader(bytes[...])
        entries.reserveCapacity(bytes.count / AbortedTransaction.encodedSize)
        for _ in 0..<(bytes.count / AbortedTransaction.encodedSize) {
            guard reader.next(Int16.self) == AbortedTransaction.version else { return nil }
            let entry = AbortedTransaction(
                producerID: reader.next(), firstOffset: Offset(reader.next()), lastOffset: Offset(reader.next()),
                lastStableOffset: Offset(reader.next()))
            guard entry.producerID >= 0, entry.firstOffset >= .zero, entry.firstOffset <= entry.lastOffset,
                entry.lastOffset >= base, entry.lastOffset < nextOffset,
                entry.lastOffset > entries.last?.lastOffset ?? Offset(-1), entry.lastStableOffset <= nextOffset
            else { return nil }
            entries.append(entry)
        }
    }
}
