import RecordFormat

/// What has to be known of producers before anything goes: which of their batches are the last, and which transactions were
/// aborted.
///
/// A transaction may be decided behind the segments that are compacted, so the survey goes on there until each is; where one is
/// not, nothing from its first record on is touched.
struct CompactionSurvey {
    private(set) var lastBatches = LastBatches()
    private(set) var aborted = AbortedSpans()
    private var states: ProducerStates

    /// - Parameter dirtyBase: where the segments begin that no compaction has been over. Before it nothing is left of
    ///   transactions that were aborted.
    init(dirtyBase: Offset) { states = ProducerStates(at: dirtyBase) }

    /// Notes a batch of the segments that are compacted, in order.
    /// - Parameter wholeBatch: only looked at if it is a marker.
    mutating func note(_ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer, at appendTime: Timestamp) {
        lastBatches.note(header, at: appendTime)
        if header.baseOffset >= states.end { follow(header, wholeBatch, at: appendTime) }
    }

    /// Notes a batch behind them.
    mutating func follow(_ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer, at appendTime: Timestamp) {
        let isMarker = header.producerID >= 0 && header.attributes.isControl
        let marker = isMarker ? TransactionMarker(of: wholeBatch) : nil
        if let transaction = states.apply(header, marker: marker, at: appendTime) { aborted.note(transaction) }
        states.noteHighWatermark(states.end)
    }

    /// Passes over what has no batch of a producer.
    mutating func skip(to offset: Offset) { states.skip(to: offset) }

    /// Everything below `offset` that is not in a transaction still open where the survey has come to.
    func decidedEnd(below offset: Offset) -> Offset { min(offset, states.lastStableOffset(below: states.end)) }
}
