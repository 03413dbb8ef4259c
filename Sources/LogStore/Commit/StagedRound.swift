import RecordFormat

/// An append that has its offsets and waits for its round.
struct StagedAppend: Sendable {
    struct Place: Sendable {
        let slot: Int
        let range: Range<Offset>
    }

    enum Completion: Sendable {
        case call(@Sendable (Result<[Range<Offset>], LogStoreError>) -> Void)
        /// A producer who knows the offsets of its one batch: `nil` says that they are final.
        case resume(UnsafeContinuation<LogStoreError?, Never>)
    }

    /// Its first batch, apart from the others: most appends have only one, and an array costs an allocation.
    let first: Place?
    var others: [Place] = []
    var publications: [(slot: Int, highWatermark: Offset)] = []
    /// How many wait for it.
    var waiters = 1
    let completion: Completion

    /// Of each batch.
    var ranges: [Range<Offset>] { (first.map { [$0.range] } ?? []) + others.map(\.range) }

    /// Every partition whose failure is this append's failure.
    var slots: [Int] { (first.map { [$0.slot] } ?? []) + others.map(\.slot) + publications.map(\.slot) }

    /// Tells whoever waits. To be called once, without a lock.
    func complete(_ failure: LogStoreError?) {
        switch completion {
        case .resume(let waiter): waiter.resume(returning: failure)
        case .call(let call): call(failure.map { .failure($0) } ?? .success(ranges))
        }
    }
}

/// What is staged for one commit round.
struct StagedRound: Sendable {
    private(set) var appends: [StagedAppend] = []
    /// How many wait for them.
    private(set) var waiters = 0
    /// What each partition gets, in the order in which they first occur.
    var partitions: [(slot: Int, batches: StagedBatches)] = []

    init(expecting appends: Int = 0) { self.appends.reserveCapacity(min(appends, 1 << 12)) }

    var isEmpty: Bool { appends.isEmpty }

    mutating func add(_ append: StagedAppend) {
        appends.append(append)
        waiters += append.waiters
    }

    /// Takes out every append that depends on `failed` partitions, which grow by the partitions of these appends. A partition is
    /// out as a whole or not at all.
    mutating func refuse(_ failed: inout [Int: LogStoreError]) -> [StagedAppend] {
        var out: [StagedAppend] = []
        var grew = true
        while grew {
            grew = false
            var kept: [StagedAppend] = []
            for append in appends {
                let slots = append.slots
                guard let error = slots.compactMap({ failed[$0] }).first else {
                    kept.append(append)
                    continue
                }
                out.append(append)
                for slot in slots where failed[slot] == nil {
                    failed[slot] = error
                    grew = true
                }
            }
            appends = kept
        }
        waiters = appends.reduce(0) { $0 + $1.waiters }
        partitions.removeAll { failed[$0.slot] != nil }
        return out
    }
}
