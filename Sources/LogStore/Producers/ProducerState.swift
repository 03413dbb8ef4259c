package import RecordFormat

/// What a partition knows of one producer: enough to tell a repeated batch from a new one, and a lost one from both.
package struct ProducerState: Sendable, Equatable {
    /// A batch that was appended.
    package struct Batch: Sendable, Equatable {
        /// -1 if the batch had no sequence numbers.
        package let lastSequence: Int32
        package let lastOffset: Offset
        /// Records of the batch less one, by offsets and by sequence numbers alike.
        package let offsetDelta: Int32
        /// When it was appended, by the broker's clock.
        package let appendTime: Timestamp

        package init(lastSequence: Int32, lastOffset: Offset, offsetDelta: Int32, appendTime: Timestamp) {
            self.lastSequence = lastSequence
            self.lastOffset = lastOffset
            self.offsetDelta = offsetDelta
            self.appendTime = appendTime
        }

        package var firstSequence: Int32 { SequenceNumber.before(lastSequence, by: offsetDelta) }
        package var firstOffset: Offset { lastOffset.advanced(by: -Int64(offsetDelta)) }
    }

    /// As many as a producer may have in flight: the retry of each must be recognised (Kafka's limit).
    package static let mostBatches = 5

    package let id: Int64
    package private(set) var epoch: Int16
    /// Of this epoch, oldest first, at most ``mostBatches``.
    package private(set) var batches: [Batch]
    /// Of the last transaction marker; -1 if there was none.
    package private(set) var coordinatorEpoch: Int32
    /// When its last batch or marker was appended, by the broker's clock.
    package private(set) var lastAppendTime: Timestamp
    /// First offset of the transaction that is open.
    package private(set) var transactionStart: Offset?

    package init(
        id: Int64, epoch: Int16, batches: [Batch] = [], coordinatorEpoch: Int32 = -1, lastAppendTime: Timestamp,
        transactionStart: Offset? = nil
    ) {
        precondition(batches.count <= Self.mostBatches, "Producer \(id) was given \(batches.count) batches to remember")
        self.id = id
        self.epoch = epoch
        self.batches = batches
        self.coordinatorEpoch = coordinatorEpoch
        self.lastAppendTime = lastAppendTime
        self.transactionStart = transactionStart
    }

    /// -1 if there is none.
    var lastSequence: Int32 { batches.last?.lastSequence ?? -1 }

    mutating func add(_ batch: Batch, epoch: Int16, opening start: Offset?) {
        begin(epoch)
        if batches.count == Self.mostBatches { batches.removeFirst() }
        batches.append(batch)
        lastAppendTime = batch.appendTime
        if transactionStart == nil { transactionStart = start }
    }

    mutating func end(_ marker: TransactionMarker, epoch: Int16, at now: Timestamp) {
        begin(epoch)
        coordinatorEpoch = marker.coordinatorEpoch
        lastAppendTime = now
        transactionStart = nil
    }

    /// Sequence numbers begin anew with each epoch.
    private mutating func begin(_ epoch: Int16) {
        if epoch == self.epoch { return }
        self.epoch = epoch
        batches = []
    }
}

/// Sequence numbers go from 0 to 2^31 − 1 and then on from 0. -1 is none, and stays none.
enum SequenceNumber {
    static func after(_ sequence: Int32, by count: Int32) -> Int32 {
        if sequence < 0 { return sequence }
        return Int32(truncatingIfNeeded: (Int64(sequence) + Int64(count)) & Int64(Int32.max))
    }

    static func before(_ sequence: Int32, by count: Int32) -> Int32 {
        if sequence < 0 { return sequence }
        return Int32(truncatingIfNeeded: (Int64(sequence) - Int64(count)) & Int64(Int32.max))
    }
}
