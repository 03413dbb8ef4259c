import RecordFormat

/// The next commit round while it fills: offsets are given out and batches take their place in one step under one lock.
///
/// One lock for all partitions and not one each: an append may span partitions, and must be taken whole by one round.
/// The step is short, because batches are handed over, not copied.
struct Staging {
    struct Staged {
        var batches: [StagedBatch]
        var publications: [(slot: Int, highWatermark: Offset)]
        /// Of each batch.
        var ranges: [Range<Offset>] = []
        let completion: @Sendable (Result<[Range<Offset>], LogStoreError>) -> Void

        /// Every partition whose failure is this append's failure.
        var slots: [Int] { batches.map(\.slot) + publications.map(\.slot) }
    }

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
    }

    var ends: [End] = []
    private(set) var appends: [Staged] = []
    var isClosed = false
    /// How many appends are worth a call to the committing thread.
    var quorum = 1
    /// Why partitions that may not use the reserve take nothing.
    var full: LogStoreError?

    /// Takes the bytes out of `batches`, if it takes them at all.
    mutating func add(
        _ batches: inout [Append.Batch], publishing publications: [Append.Publication],
        _ completion: @escaping @Sendable (Result<[Range<Offset>], LogStoreError>) -> Void
    ) throws(LogStoreError) -> [Range<Offset>] {
        if isClosed { throw Self.closed }
        for batch in batches { try checkOpen(batch.partition) }
        for publication in publications { try checkOpen(publication.partition) }
        var staged = Staged(batches: [], publications: [], completion: completion)
        staged.batches.reserveCapacity(batches.count)
        staged.ranges.reserveCapacity(batches.count)
        for place in batches.indices {
            let slot = batches[place].partition.slot
            var bytes: [UInt8] = []
            swap(&bytes, &batches[place].bytes)
            let one = StagedBatch(bytes, slot: slot, base: ends[slot].next, leaderEpoch: ends[slot].leaderEpoch)
            ends[slot].next = one.range.upperBound
            ends[slot].isUntouched = false
            staged.batches.append(one)
            staged.ranges.append(one.range)
        }
        for publication in publications {
            let slot = publication.partition.slot
            precondition(
                publication.highWatermark <= ends[slot].next,
                "High watermark \(publication.highWatermark) of \(publication.partition.topicPartition) is past log end \(ends[slot].next)"
            )
            staged.publications.append((slot, publication.highWatermark))
        }
        appends.append(staged)
        return staged.ranges
    }

    private func checkOpen(_ partition: Partition) throws(LogStoreError) {
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
    mutating func take() -> [Staged] {
        defer { appends = [] }
        return appends
    }

    /// Refuses further appends to `failed` partitions and takes out what was staged meanwhile and depends on them.
    /// - Parameter failed: grows by the partitions of the appends taken out.
    mutating func refuse(_ failed: inout [Int: LogStoreError]) -> [(Staged, LogStoreError)] {
        var out: [(Staged, LogStoreError)] = []
        var grew = true
        while grew {
            grew = false
            var kept: [Staged] = []
            for append in appends {
                guard let error = append.slots.compactMap({ failed[$0] }).first else {
                    kept.append(append)
                    continue
                }
                out.append((append, error))
                for slot in append.slots where failed[slot] == nil {
                    failed[slot] = error
                    grew = true
                }
            }
            appends = kept
        }
        for (slot, error) in failed { ends[slot].condition = .refusing(error) }
        return out
    }
}
