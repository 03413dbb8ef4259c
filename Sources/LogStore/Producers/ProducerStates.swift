package import RecordFormat

/// What a partition knows of its producers at one offset: the fold of all batch headers below it.
///
/// The same code runs when a batch is appended and when a log is replayed. It never refuses: whether a batch may be appended
/// is ``verdict(on:)``'s to say, before.
package struct ProducerStates: Sendable, Equatable {
    /// A transaction, open or decided.
    private struct Span: Sendable, Equatable {
        let producerID: Int64
        let start: Offset
        /// Offset of the marker that decided it.
        var marker: Offset?
    }

    package private(set) var producers: [Int64: ProducerState] = [:]
    /// The offset after the last batch applied.
    package private(set) var end: Offset
    /// Open transactions, in the order of their first offsets, which is that of their opening.
    private var open: [Span] = []
    /// Transactions whose marker may yet be lost with the log's unsynced tail.
    private var decided: [Span] = []

    /// Of a partition that begins, or is looked at, at `end`.
    package init(at end: Offset) { self.end = end }

    /// - Parameter producers: with different ids.
    init(_ producers: [ProducerState], at end: Offset) {
        self.end = end
        for producer in producers {
            self.producers[producer.id] = producer
            if let start = producer.transactionStart { open.append(Span(producerID: producer.id, start: start)) }
        }
        open.sort { $0.start < $1.start }
    }

    /// Takes note of the batch that was appended at ``end``.
    /// - Parameters:
    ///   - marker: what a control batch says, ``TransactionMarker/init(of:)``.
    ///   - now: the append time.
    /// - Returns: the transaction that the batch aborted, for the segment's ``AbortedTransactionIndex``.
    @discardableResult
    package mutating func apply(
        _ header: RecordBatchHeader, marker: TransactionMarker? = nil, at now: Timestamp
    ) -> AbortedTransaction? {
        end = header.nextOffset
        if header.producerID < 0 { return nil }
        if header.attributes.isControl {
            // Without a record the whole transaction was compacted away.
            guard let marker else { return nil }
            return finish(marker, header, at: now)
        }
        add(header, at: now)
        return nil
    }

    /// Goes on at `offset`, with nothing of a producer in between.
    package mutating func skip(to offset: Offset) { end = max(end, offset) }

    private mutating func add(_ header: RecordBatchHeader, at now: Timestamp) {
        // An empty batch is what a compaction left of a transaction that was decided.
        let opens = header.attributes.isTransactional && header.recordCount > 0
        let batch = ProducerState.Batch(
            lastSequence: SequenceNumber.after(header.baseSequence, by: header.lastOffsetDelta),
            lastOffset: header.lastOffset, offsetDelta: header.lastOffsetDelta, appendTime: now)
        let start = opens ? header.baseOffset : nil
        // Changed where it lies: a copy would have its batches allocated anew with every append.
        if let place = producers.index(forKey: header.producerID) {
            if let start, producers.values[place].transactionStart == nil {
                open.append(Span(producerID: header.producerID, start: start))
            }
            producers.values[place].add(batch, epoch: header.producerEpoch, opening: start)
        } else {
            var producer = ProducerState(id: header.producerID, epoch: header.producerEpoch, lastAppendTime: now)
            producer.add(batch, epoch: header.producerEpoch, opening: start)
            producers[header.producerID] = producer
            if let start { open.append(Span(producerID: header.producerID, start: start)) }
        }
    }

    private mutating func finish(
        _ marker: TransactionMarker, _ header: RecordBatchHeader, at now: Timestamp
    ) -> AbortedTransaction? {
        var producer =
            producers[header.producerID]
            ?? ProducerState(id: header.producerID, epoch: header.producerEpoch, lastAppendTime: now)
        let start = producer.transactionStart
        producer.end(marker, epoch: header.producerEpoch, at: now)
        producers[header.producerID] = producer
        guard let start else { return nil }
        open.removeAll { $0.producerID == header.producerID }
        decided.append(Span(producerID: header.producerID, start: start, marker: header.lastOffset))
        if marker.kind == .commit { return nil }
        return AbortedTransaction(
            producerID: header.producerID, firstOffset: start, lastOffset: header.lastOffset,
            lastStableOffset: open.first?.start ?? header.nextOffset)
    }

    // MARK: What readers of committed records may see

    /// Where the oldest transaction that is open at ``end`` begins.
    package var oldestOpenStart: Offset? { open.first?.start }

    /// The first offset that belongs to a transaction whose end is not known for certain, or the high watermark.
    package func lastStableOffset(below highWatermark: Offset) -> Offset {
        var offset = highWatermark
        if let first = open.first { offset = min(offset, first.start) }
        for span in decided {
            if let marker = span.marker, marker >= highWatermark { offset = min(offset, span.start) }
        }
        return offset
    }

    /// Forgets what was kept only because its marker was not yet below the high watermark.
    package mutating func noteHighWatermark(_ highWatermark: Offset) {
        decided.removeAll { span in span.marker.map { $0 < highWatermark } ?? false }
    }

    // MARK: Expiry

    /// Forgets producers that have appended nothing for `limit`, but for those with an open transaction.
    ///
    /// Whoever comes back afterwards is unknown, and a batch that it repeats is not recognised. So `now` must not be a clock
    /// that jumped forward.
    package mutating func expire(at now: Timestamp, after limit: Duration) {
        if producers.isEmpty { return }
        producers = producers.filter { _, producer in
            if producer.transactionStart != nil || now <= producer.lastAppendTime { return true }
            // Read from a file, so it may be any time at all.
            let (age, overflows) = now.millisecondsSince1970.subtractingReportingOverflow(
                producer.lastAppendTime.millisecondsSince1970)
            return !overflows && Duration.milliseconds(age) < limit
        }
    }
}
