import RecordFormat

/// Which records of a range belong to transactions that were aborted.
///
/// They are taken from the markers in the log itself, never from the `.txnindex` files: a cache that is wrong may cost a reader
/// time, but here it would cost records.
struct AbortedSpans {
    /// By producer, each producer's in their order.
    private var spans: [Int64: [ClosedRange<Offset>]] = [:]

    mutating func note(_ transaction: AbortedTransaction) {
        spans[transaction.producerID, default: []].append(transaction.firstOffset...transaction.lastOffset)
    }

    /// Whether a transactional batch with records belongs to one.
    func contains(_ header: RecordBatchHeader) -> Bool {
        guard header.attributes.isTransactional, let own = spans[header.producerID] else { return false }
        // The last one that begins at or before the batch.
        var (low, high) = (0, own.count)
        while low < high {
            let middle = (low + high) / 2
            if own[middle].lowerBound <= header.baseOffset { low = middle + 1 } else { high = middle }
        }
        return low > 0 && own[low - 1].upperBound >= header.lastOffset
    }
}
