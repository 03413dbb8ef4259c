internal import Synchronization

/// Writes to several partitions, and commits offsets of consumer groups, as one: all of it counts, or nothing does, through kills
/// and power cuts (KIP-98).
///
/// ```swift
/// let producer = try await broker.makeTransactionalProducer(id: "press-7")
/// try await producer.transaction { transaction in
///     try await transaction.send(result, to: "results")
///     try await transaction.commitOffsets(group: "press-7", [input: CommittedOffset(next)])
/// }
/// ```
public final class TransactionalProducer: Sendable {
    private struct State {
        var producer: ProducerIdentity
        /// Something failed: what the log has of the producer is not known, so it goes on with the next epoch.
        var mustRenew = false
        var isBusy = false
    }

    /// Under which a later instance takes over from this one.
    public let id: String
    private let broker: Broker
    private let timeout: Duration
    private let sequences: ProducerSequences
    private let state: Mutex<State>

    init(_ broker: Broker, id: String, timeout: Duration, _ producer: ProducerIdentity) {
        self.broker = broker
        self.id = id
        self.timeout = timeout
        sequences = ProducerSequences(random: broker.random)
        state = Mutex(State(producer: producer))
    }

    /// Runs `body` in a transaction: commits when it returns, aborts when it throws. One transaction at a time.
    ///
    /// On return the transaction is durable, and readers of committed records see all of it. When this throws, nothing of it counts, but
    /// after `.storage` from the commit itself, when that is not known.
    /// - Throws: what `body` throws; `.producerFenced` if another instance with this id has taken over, or the transaction was open for
    ///   longer than its timeout: make a new producer then; `.concurrentTransactions` if one is open; `.closed`, `.storage`.
    @discardableResult
    public func transaction<Result>(_ body: (Transaction) async throws -> Result) async throws -> Result {
        let isBusy = state.withLock { state in
            defer { state.isBusy = true }
            return state.isBusy
        }
        if isBusy {
            throw BrokerError(
                .concurrentTransactions, "Producer \(id) has a transaction open.", remedy: "Use one producer for each.")
        }
        defer { state.withLock { $0.isBusy = false } }
        let transaction = Transaction(broker, id, try await renewed(), sequences)
        let result: Result
        do {
            result = try await body(transaction)
        } catch {
            await abort(transaction)
            throw error
        }
        let (isEmpty, failure) = transaction.finish()
        if let failure {
            await abort(transaction)
            throw failure
        }
        if !isEmpty { try await end(transaction, commits: true) }
        return result
    }

    /// Who the producer is, with a new epoch if need be.
    private func renewed() async throws(BrokerError) -> ProducerIdentity {
        let (producer, mustRenew) = state.withLock { ($0.producer, $0.mustRenew) }
        if !mustRenew { return producer }
        let next = try await broker.producerIdentity(id, timeout, expecting: producer)
        sequences.beginAnew()
        state.withLock { state in
            state.producer = next
            state.mustRenew = false
        }
        return next
    }

    private func abort(_ transaction: Transaction) async {
        let (isEmpty, failure) = transaction.finish()
        if failure != nil { state.withLock { $0.mustRenew = true } }
        if isEmpty { return }
        // An abort that fails is made up for by the next epoch, or by the timeout.
        try? await end(transaction, commits: false)
    }

    private func end(_ transaction: Transaction, commits: Bool) async throws(BrokerError) {
        let result = await withUnsafeContinuation { continuation in
            broker.transactions.end(id, transaction.producer, commits: commits) { continuation.resume(returning: $0) }
        }
        guard case .failure(let error) = result else { return }
        state.withLock { $0.mustRenew = true }
        throw BrokerError(error, id)
    }
}

extension Broker {
    /// A producer of transactions. What an earlier instance with the same id has left open is aborted, and it is fenced: whatever it
    /// still sends is refused.
    ///
    /// - Parameters:
    ///   - id: 1…1,000 bytes; the same for the same work after a restart.
    ///   - timeout: a transaction that is open for longer is aborted; 1 ms to 15 min.
    /// - Throws: `.invalidConfiguration`; `.noSpace`, `.storage`, `.closed`.
    public func makeTransactionalProducer(
        id: String, timeout: Duration = .seconds(60)
    ) async throws(BrokerError) -> TransactionalProducer {
        TransactionalProducer(self, id: id, timeout: timeout, try await producerIdentity(id, timeout))
    }

    /// Waits while an earlier transaction is being ended.
    func producerIdentity(
        _ id: String, _ timeout: Duration, expecting expected: ProducerIdentity? = nil
    ) async throws(BrokerError) -> ProducerIdentity {
        while true {
            let result = await withUnsafeContinuation { continuation in
                transactions.initProducerID(id, timeout: timeout, expecting: expected) {
                    continuation.resume(returning: $0)
                }
            }
            switch result {
            case .success(let producer): return producer
            case .failure(.concurrentTransactions):
                await withUnsafeContinuation { continuation in
                    timers.after(.milliseconds(20)) { continuation.resume() }
                }
                if Task.isCancelled { throw BrokerError(TransactionError.concurrentTransactions, id) }
            case .failure(let error): throw BrokerError(error, id)
            }
        }
    }
}
