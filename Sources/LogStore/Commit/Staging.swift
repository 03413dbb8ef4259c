import RecordFormat

/// The next commit round while it fills: offsets are given out and batches take their place in one step under one lock.
///
/// One lock for all partitions and not one each: an append may span partitions, and must be taken whole by one round. The step is
/// short, because only small batches are copied.
struct Staging {
    enum Condition {
        case open
        /// Appends are refused with this error until the partition is open again.
        case refusing(LogStoreError)
    }

    /// Per partition, by slot.
    struct End {
        /// The offset that the next record gets.
        var next: Offset
        var condition: Condition = .open
        /// Stamped into what is staged.
        var leaderEpoch: Int32
        /// ``PartitionPolicy/usesReserve``.
        var usesReserve = false
        /// Nothing was appended since the log was opened.
        var isUntouched = true
        /// Where the round that fills has its batches.
        fileprivate var place: Int?
        fileprivate var expectation = StagedBatches.Expectation()
        /// At ``next``, of a synced partition; `nil` until a producer's batch is held against them, and after a failure.
        var producers: ProducerStates?
        /// With more producers than that, those who have expired are looked for: twice as many as were left the last time.
        var producerLimit = Staging.fewProducers
        /// Producers' batches that came before these were loaded, and those behind them.
        var waiting: [ProducerBatch] = []

        init(next: Offset, leaderEpoch: Int32) {
            self.next = next
            self.leaderEpoch = leaderEpoch
        }
    }

    static let fewProducers = 1000
    let producerExpiry: Duration
    /// The clock of append times.
    let now: @Sendable () -> Timestamp
    var ends: [End] = []
    /// Slots with waiting batches.
    var waitingSlots: Set<Int> = []
    private var round = StagedRound()
    var open = OpenBatches()
    var isClosed = false
    /// How many must wait until it is worth a call to the committing thread.
    var quorum = 1
    /// Why partitions that may not use the reserve take nothing.
    var full: LogStoreError?

    init(producerExpiry: Duration, now: @escaping @Sendable () -> Timestamp) {
        self.producerExpiry = producerExpiry
        self.now = now
    }

    /// How many wait for the next round.
    var count: Int { round.waiters + open.waiters }

    /// Takes the bytes out of `batches`, if it takes them at all.
    mutating func add(
        _ batches: inout [Append.Batch], publishing publications: [Append.Publication], waiters: Int,
        _ completion: @escaping @Sendable (Result<[Range<Offset>], LogStoreError>) -> Void
    ) throws(LogStoreError) -> [Range<Offset>] {
        if isClosed { throw Self.closed }
        for batch in batches { try checkOpen(batch.partition) }
        for publication in publications { try checkOpen(publication.partition) }
        let places = batches.indices.map { index in
            place(&batches[index].bytes, RecordBatchHeader(ofOwn: batches[index].bytes), batches[index].partition.slot)
        }
        for publication in publications {
            let end = ends[publication.partition.slot].next
            precondition(
                publication.highWatermark <= end,
                "High watermark \(publication.highWatermark) of \(publication.partition.topicPartition) is past log end \(end)"
            )
        }
        round.add(
            StagedAppend(
                first: places.first, others: Array(places.dropFirst()),
                publications: publications.map { ($0.partition.slot, $0.highWatermark) }, waiters: waiters,
                completion: .call(completion)))
        return places.map(\.range)
    }

    /// The same for one batch, whose producer waits. Nothing is allocated for it.
    mutating func add(
        _ batch: inout Append.Batch, _ header: RecordBatchHeader,
        resuming waiter: UnsafeContinuation<LogStoreError?, Never>
    ) throws(LogStoreError) -> Range<Offset> {
        if isClosed { throw Self.closed }
        try checkOpen(batch.partition)
        let place = place(&batch.bytes, header, batch.partition.slot)
        round.add(StagedAppend(first: place, completion: .resume(waiter)))
        return place.range
    }

    /// An append of a batch that is in the log, or about to be: it waits for its partition's round, and fails with it.
    mutating func add(
        repeated range: Range<Offset>, _ slot: Int,
        _ completion: @escaping @Sendable (Result<[Range<Offset>], LogStoreError>) -> Void
    ) {
        round.add(
            StagedAppend(first: StagedAppend.Place(slot: slot, range: range), completion: .call(completion)))
    }

    /// What a partition gets in the round that fills.
    func batches(of slot: Int) -> StagedBatches? { ends[slot].place.map { round.partitions[$0].batches } }

    private mutating func place(
        _ batch: inout [UInt8], _ header: RecordBatchHeader, _ slot: Int
    ) -> StagedAppend.Place {
        let index: Int
        if let known = ends[slot].place {
            index = known
        } else {
            index = round.partitions.count
            round.partitions.append((slot, StagedBatches(expecting: ends[slot].expectation)))
            ends[slot].place = index
        }
        if header.producerID >= 0, ends[slot].producers != nil {
            let header = header.stamped(baseOffset: ends[slot].next, leaderEpoch: ends[slot].leaderEpoch)
            batch.withUnsafeBytes { noteProducer(of: header, $0, slot) }
        }
        let range = round.partitions[index].batches.add(
            &batch, header, at: ends[slot].next, leaderEpoch: ends[slot].leaderEpoch)
        ends[slot].next = range.upperBound
        ends[slot].isUntouched = false
        return StagedAppend.Place(slot: slot, range: range)
    }

    func checkOpen(_ partition: Partition) throws(LogStoreError) {
        if case .refusing(let error) = ends[partition.slot].condition { throw error }
        try checkRoom(for: partition.slot)
    }

    static let closed = LogStoreError(.closed, "The log is closed.", remedy: "Open it again to append.")

    /// - Throws: `.closed`, or why the partition takes nothing while the disk is full.
    func checkRoom(for slot: Int) throws(LogStoreError) {
        if isClosed { throw Self.closed }
        if let full, !ends[slot].usesReserve { throw full }
    }

    /// What goes into the round that begins now.
    mutating func take() -> StagedRound {
        var taken = StagedRound(expecting: round.appends.count)
        swap(&taken, &round)
        quorum = 1
        for (slot, batches) in taken.partitions {
            ends[slot].place = nil
            ends[slot].expectation = batches.expectation
        }
        return taken
    }

    /// Refuses further appends to `failed` partitions and takes out what was staged meanwhile and depends on them.
    /// - Parameter failed: grows by the partitions of the appends taken out.
    mutating func refuse(_ failed: inout [Int: LogStoreError]) -> [StagedAppend] {
        let out = round.refuse(&failed)
        for (index, part) in round.partitions.enumerated() { ends[part.slot].place = index }
        for (slot, error) in failed {
            ends[slot].condition = .refusing(error)
            ends[slot].place = nil
            // They know of batches that will not be in the log.
            ends[slot].producers = nil
        }
        return out
    }
}
