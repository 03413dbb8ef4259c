package import RecordFormat

/// One transactional id: what its producer asks for, and what comes of it (KIP-98, KIP-360, KIP-890). Pure.
///
/// A change counts once its record is synced: from ``Decision/write(_:)`` to ``wrote(isStored:now:)`` everybody else is told to try
/// again.
package struct TransactionStateMachine: Sendable {
    package enum Decision: Sendable, Equatable {
        case refuse(TransactionError)
        /// It is so already.
        case answer(ProducerIdentity)
        /// To be written, then ``wrote(isStored:now:)``. One with a decision is followed by the markers, then ``completed(at:)``.
        case write(TransactionMetadata)
        /// The same, and then the request once more.
        case abortFirst(TransactionMetadata)
        /// The request once more, when ``appendEnded()`` says so: a marker must stand behind all that it decides.
        case waitForAppends
        /// The request once more, with a new producer id.
        case needsProducerID
    }

    /// What is synced; `nil` for an id that nobody knows.
    package private(set) var current: TransactionMetadata?
    /// What is being written.
    private var pending: TransactionMetadata?
    /// The epoch before the newest, if the producer itself asked for the newest: its request may come again.
    private var lastEpoch: Int16?
    /// Batches of the transaction that are on their way into the log.
    private var appends = 0
    /// A request waits for these, and no more are taken.
    private var isQuieting = false
    /// When an open transaction is aborted, by the monotonic clock.
    private var deadline: Duration?

    package init() {}

    /// After a start: an open transaction has its whole time again.
    package init(_ metadata: TransactionMetadata, now: Duration) {
        current = metadata
        if metadata.status == .ongoing { deadline = now + metadata.timeout }
    }

    private static let patience = Duration.milliseconds(500)

    /// When ``expire(now:at:)`` has something to do.
    package var wakeUp: Duration? { isBusy ? nil : deadline }

    /// Nothing would be lost with it.
    package var isForgettable: Bool { current == nil && pending == nil }

    /// Whether it can expire: it has no transaction.
    package var isIdle: Bool {
        guard pending == nil, !isQuieting, let current else { return false }
        return current.status != .ongoing && current.decision == nil
    }

    // MARK: Requests

    /// - Parameters:
    ///   - expected: who the producer is already, when it asks for the next epoch after an error (KIP-360).
    ///   - fresh: a producer id that nobody has; asked for with ``Decision/needsProducerID``.
    package mutating func initProducerID(
        expecting expected: ProducerIdentity?, timeout: Duration, fresh: Int64?, at time: Timestamp
    ) -> Decision {
        if isBusy { return .refuse(.concurrentTransactions) }
        guard let current else { return begin(fresh, timeout, time) }
        if let expected, expected != current.producer {
            // Its request has bumped the epoch, and the answer was lost.
            if expected.id == current.producer.id, expected.epoch == lastEpoch,
                current.status == .empty || current.status == .completeAbort
            {
                return current.producer.isFence ? begin(fresh, timeout, time) : .answer(current.producer)
            }
            return .refuse(.producerFenced)
        }
        switch current.status {
        case .prepareCommit, .prepareAbort: return .refuse(.concurrentTransactions)
        case .ongoing:
            if appends > 0 { return quiet() }
            lastEpoch = expected?.epoch
            return .abortFirst(write(aborted(current, at: time)))
        case .empty, .completeCommit, .completeAbort:
            if current.producer.epoch >= ProducerIdentity.lastEpoch { return begin(fresh, timeout, time) }
            lastEpoch = expected?.epoch
            let next = ProducerIdentity(id: current.producer.id, epoch: current.producer.epoch + 1)
            return .write(write(TransactionMetadata(next, timeout: timeout, status: .empty, updateTime: time)))
        }
    }

    /// Takes partitions into the transaction, and begins it with the first.
    package mutating func add(
        _ partitions: Set<TopicPartition>, _ producer: ProducerIdentity, at time: Timestamp
    ) -> Decision {
        if let error = mismatch(of: producer) { return .refuse(error) }
        guard !isBusy, var next = current, next.decision == nil else { return .refuse(.concurrentTransactions) }
        if next.status == .ongoing {
            if partitions.isSubset(of: next.partitions) { return .answer(producer) }
            next.partitions.formUnion(partitions)
        } else {
            next.status = .ongoing
            next.partitions = partitions
            next.startTime = time
        }
        next.updateTime = time
        return .write(write(next))
    }

    /// Commits or aborts.
    package mutating func end(_ producer: ProducerIdentity, commits: Bool, at time: Timestamp) -> Decision {
        if let error = mismatch(of: producer) { return .refuse(error) }
        guard !isBusy, var next = current else { return .refuse(.concurrentTransactions) }
        switch next.status {
        case .ongoing:
            if appends > 0 { return quiet() }
            next.status = commits ? .prepareCommit : .prepareAbort
            next.updateTime = time
            return .write(write(next))
        // The answer was lost.
        case .completeCommit: return commits ? .answer(producer) : .refuse(.invalidTransactionState)
        case .completeAbort: return commits ? .refuse(.invalidTransactionState) : .answer(producer)
        case .prepareCommit, .prepareAbort:
            return .refuse(next.decision == commits ? .concurrentTransactions : .invalidTransactionState)
        case .empty: return .refuse(.invalidTransactionState)
        }
    }

    /// Aborts a transaction that has been open for too long, and fences its producer.
    /// - Returns: `nil` if there is none.
    package mutating func expire(now: Duration, at time: Timestamp) -> Decision? {
        guard let deadline, deadline <= now, !isBusy, let current, current.status == .ongoing else { return nil }
        if appends > 0 { return quiet() }
        return .write(write(aborted(current, at: time)))
    }

    // MARK: Batches

    /// Whether the producer may append to a partition now. If it may, ``appendEnded()`` must follow.
    ///
    /// This is where Kafka's protocol left a hole: a batch that was late opened a transaction which nobody ended (KIP-890).
    package mutating func append(_ producer: ProducerIdentity, to partition: TopicPartition) -> TransactionError? {
        guard let current, current.producer.id == producer.id else { return .invalidProducerIDMapping }
        if current.producer.epoch != producer.epoch || producer.isFence { return .invalidProducerEpoch }
        guard current.status == .ongoing, !isQuieting, pending?.decision == nil,
            current.partitions.contains(partition)
        else { return .invalidTransactionState }
        appends += 1
        return nil
    }

    /// - Returns: whether the request that has waited for it comes again now.
    package mutating func appendEnded() -> Bool {
        precondition(appends > 0, "A batch of a transaction ended that had not begun")
        appends -= 1
        guard appends == 0, isQuieting else { return false }
        isQuieting = false
        return true
    }

    // MARK: Outcomes

    package mutating func wrote(isStored: Bool, now: Duration) {
        guard let written = pending else { return }
        pending = nil
        if !isStored {
            // Not at once again.
            if let late = deadline, late <= now { deadline = now + Self.patience }
            return
        }
        if written.status != .ongoing {
            deadline = nil
        } else if current?.status != .ongoing {
            deadline = now + written.timeout
        }
        current = written
    }

    /// Every partition has its marker.
    /// - Returns: the record that says so. Nobody waits for it: without it a start writes the markers once more.
    package mutating func completed(at time: Timestamp) -> TransactionMetadata? {
        guard var next = current, let commits = next.decision else { return nil }
        next.status = commits ? .completeCommit : .completeAbort
        next.partitions = []
        next.startTime = nil
        next.updateTime = time
        current = next
        return next
    }

    // MARK: Parts

    private var isBusy: Bool { pending != nil || isQuieting }

    private func mismatch(of producer: ProducerIdentity) -> TransactionError? {
        guard let current, current.producer.id == producer.id else { return .invalidProducerIDMapping }
        return current.producer.epoch == producer.epoch && !producer.isFence ? nil : .producerFenced
    }

    private mutating func begin(_ fresh: Int64?, _ timeout: Duration, _ time: Timestamp) -> Decision {
        guard let fresh else { return .needsProducerID }
        lastEpoch = nil
        let producer = ProducerIdentity(id: fresh, epoch: 0)
        return .write(write(TransactionMetadata(producer, timeout: timeout, status: .empty, updateTime: time)))
    }

    /// With the next epoch, which the markers take into every partition: what the former one still sends is refused. A log may
    /// have a transaction open in the highest epoch; nobody is let in by that one, so it fences as it is.
    private func aborted(_ open: TransactionMetadata, at time: Timestamp) -> TransactionMetadata {
        var next = open
        if next.producer.epoch < .max { next.producer.epoch += 1 }
        next.status = .prepareAbort
        next.updateTime = time
        return next
    }

    private mutating func quiet() -> Decision {
        isQuieting = true
        return .waitForAppends
    }

    private mutating func write(_ metadata: TransactionMetadata) -> TransactionMetadata {
        pending = metadata
        return metadata
    }
}
