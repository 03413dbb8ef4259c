internal import LogStore
public import RecordFormat
internal import Synchronization

/// The open transaction of a ``TransactionalProducer``: what is sent and committed through it counts together, or not at all.
///
/// Many tasks may use it at a time, until the body that was given it returns.
public final class Transaction: Sendable {
    private struct State {
        /// Partitions that are part of it.
        var joined: Set<TopicPartition> = []
        var joining: Set<TopicPartition> = []
        /// Partitions that come next, and who waits for them.
        var wanted: Set<TopicPartition> = []
        var waiters: [UnsafeContinuation<Void, Never>] = []
        /// Why it can only be aborted.
        var failure: BrokerError?
        var isOver = false

        enum Step {
            case goOn, request, wait
        }

        mutating func step(for name: TopicPartition, _ waiter: UnsafeContinuation<Void, Never>) -> Step {
            if failure != nil || isOver || joined.contains(name) { return .goOn }
            if !joining.contains(name) { wanted.insert(name) }
            waiters.append(waiter)
            return joining.isEmpty ? .request : .wait
        }
    }

    private let broker: Broker
    private let id: String
    let producer: ProducerIdentity
    private let sequences: ProducerSequences
    private let state = Mutex(State())

    init(_ broker: Broker, _ id: String, _ producer: ProducerIdentity, _ sequences: ProducerSequences) {
        self.broker = broker
        self.id = id
        self.producer = producer
        self.sequences = sequences
    }

    /// Appends a record as part of the transaction. On return it is synced, and readers of committed records do not see it yet.
    ///
    /// - Parameters:
    ///   - record: stamped with the broker's time if its own is `Timestamp.none`.
    ///   - topic: one that clients write, and is synced.
    ///   - partition: `nil` lets the key decide, as Kafka's own producer does.
    /// - Throws: as ``Producer/send(_:to:partition:)``, and `.invalidTransactionState` for a topic that is buffered; then the
    ///   transaction can only be aborted.
    @discardableResult
    public func send(
        _ record: Record, to topic: String, partition: Int32? = nil
    ) async throws(BrokerError) -> RecordPosition {
        try await send([record], to: topic, partition: partition)[0]
    }

    /// The same for several records, which go to one partition as one batch: that of the first one's key, if none is named.
    ///
    /// - Parameters:
    ///   - records: 1…1,000,000, at most 128 MiB together.
    ///   - topic: one that clients write, and is synced.
    ///   - partition: `nil` lets the first one's key decide.
    public func send(
        _ records: [Record], to topic: String, partition: Int32? = nil
    ) async throws(BrokerError) -> [RecordPosition] {
        precondition(!records.isEmpty, "A batch of no records")
        let found = try broker.writableTopic(topic, partition)
        let index = partition ?? sequences.partition(for: records[0], in: topic, of: found.partitions.count)
        let name = TopicPartition(topic: topic, partition: index)
        try await join(name)
        let batch = try broker.encode(records, for: found)
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<AppendedBatch, BrokerError>, Never>) in
            sequences.append(batch, count: records.count, of: producer, to: name, on: broker) {
                continuation.resume(returning: $0)
            }
        }
        do throws(BrokerError) {
            let start = try result.get().range.lowerBound
            return records.indices.map { RecordPosition(name, start.advanced(by: Int64($0))) }
        } catch {
            fail(error)
            throw error
        }
    }

    /// Commits where a group goes on, as part of the transaction: ``Broker/committedOffsets(of:)`` tells it once that is committed.
    ///
    /// - Parameters:
    ///   - group: as for ``Broker/commitOffsets(group:_:)``; it must not have members.
    ///   - offsets: for each partition the first that is not done yet.
    /// - Throws: as that does, and then the transaction can only be aborted.
    public func commitOffsets(
        group: String, _ offsets: [TopicPartition: CommittedOffset]
    ) async throws(BrokerError) {
        try await join(OffsetCommitRecord.topicPartition)
        let result = await withUnsafeContinuation {
            (continuation: UnsafeContinuation<Result<Void, TransactionalOffsetsError>, Never>) in
            broker.commitOffsets(inTransactionOf: producer, group: group, nil, offsets) {
                continuation.resume(returning: $0)
            }
        }
        guard case .failure(let failure) = result else { return }
        let error =
            switch failure {
            case .transaction(let error): BrokerError(error, id)
            case .group(let error): BrokerError(error == .unknownMemberID ? .nonEmptyGroup : error, group: group)
            }
        fail(error)
        throw error
    }

    // MARK: Partitions

    /// Returns when the partition is part of the transaction. One request is on its way at a time; those that come meanwhile make
    /// the next one together.
    private func join(_ name: TopicPartition) async throws(BrokerError) {
        while true {
            await withUnsafeContinuation { continuation in
                let step = state.withLock { $0.step(for: name, continuation) }
                switch step {
                case .goOn: continuation.resume()
                case .request: requestPartitions()
                case .wait: break
                }
            }
            let isJoined = try state.withLock { state throws(BrokerError) in
                if let failure = state.failure { throw failure }
                if state.isOver { throw .transactionOver }
                return state.joined.contains(name)
            }
            if isJoined { return }
        }
    }

    private func requestPartitions() {
        let partitions = state.withLock { state in
            (state.joining, state.wanted) = (state.wanted, [])
            return state.joining
        }
        let offsets = OffsetCommitRecord.topicPartition
        broker.transactions.add(
            partitions.subtracting([offsets]), offsets: partitions.contains(offsets), to: id, producer
        ) { [self] result in
            let waiters = state.withLock { state in
                switch result {
                case .success: state.joined.formUnion(partitions)
                case .failure(let error): state.failure = state.failure ?? BrokerError(error, id)
                }
                state.joining = []
                defer { state.waiters = [] }
                return state.waiters
            }
            // Those who wanted others ask again, and the first of them makes the next request.
            for waiter in waiters { waiter.resume() }
        }
    }

    // MARK: The end

    private func fail(_ error: BrokerError) { state.withLock { $0.failure = $0.failure ?? error } }

    /// No more is taken.
    /// - Returns: whether there is anything to end, and why it cannot be committed.
    func finish() -> (isEmpty: Bool, failure: BrokerError?) {
        state.withLock { state in
            state.isOver = true
            return (state.joined.isEmpty, state.failure)
        }
    }
}

extension BrokerError {
    fileprivate static let transactionOver = BrokerError(
        .invalidTransactionState, "The transaction is over.", remedy: "Send within the body that was given it.")
}
