import RecordFormat

/// Tells the batches of aborted transactions from the others while a partition is read below its last stable offset.
///
/// The index is asked when a batch of a transaction comes, and then for some way ahead.
struct AbortedBatches {
    private static let stride: Int64 = 10_000

    private let log: LogDirectory
    private let partition: Partition
    private let limit: Offset
    private var spans = AbortedSpans()
    private var known: Range<Offset>?

    init(_ partition: Partition, of log: LogDirectory, below limit: Offset) {
        self.partition = partition
        self.log = log
        self.limit = limit
    }

    mutating func contains(_ header: RecordBatchHeader) throws(LogStoreError) -> Bool {
        if !header.attributes.isTransactional || header.producerID < 0 { return false }
        if !(known.map { $0.lowerBound <= header.baseOffset && header.lastOffset < $0.upperBound } ?? false) {
            let end = max(header.nextOffset, min(limit, header.baseOffset.advanced(by: Self.stride)))
            spans = AbortedSpans()
            let offsets = header.baseOffset..<end
            for transaction in try log.abortedTransactions(in: partition, overlapping: offsets) {
                spans.note(transaction)
            }
            known = offsets
        }
        return spans.contains(header)
    }
}
