import LogStore
import RecordFormat
import Synchronization

/// All producers with a transactional id: takes their requests, lets each one's ``TransactionStateMachine`` decide, and does what it
/// says.
///
/// A decision is one synced record in `__transaction_state`; then the markers go into all partitions in one commit round, so that
/// readers of committed records see the whole transaction at one moment. After a start the markers that are missing are written
/// before anybody reads. No call blocks; answers come on the caller's thread, on the committing one or on the timer's, with no lock
/// held.
package final class TransactionCoordinator: Sendable {
    package typealias Answer = @Sendable (Result<ProducerIdentity, TransactionError>) -> Void

    struct State {
        var machines: [String: TransactionStateMachine] = [:]
        /// Transactional ids by producer id.
        var owners: [Int64: String] = [:]
        /// Requests that wait for the end of appends.
        var parked: [String: [@Sendable () -> Void]] = [:]
        /// When markers are tried again.
        var retries: [String: Duration] = [:]
        var expiryDue: Duration
        /// For when the timer was asked.
        var alarm: Duration?
        var isClosed = false
    }

    /// What is done once the lock is given back.
    struct Afterwards {
        var calls: [@Sendable () -> Void] = []
    }

    struct Listeners: Sendable {
        var deadline: @Sendable (Duration) -> Void = { _ in }
        var offsetsMarker: @Sendable (Int64, Bool) -> Void = { _, _ in }
    }

    let topic: InternalTopic
    let ids: ProducerIDs
    let catalogue: TopicCatalogue
    let clock: LogClock
    /// The append clock.
    let time: @Sendable () -> Timestamp
    let state: Mutex<State>
    let listeners = Mutex(Listeners())
    let notes: [String]

    /// Reads what the log says of the producers. Blocking.
    init(
        _ catalogue: TopicCatalogue, _ blockingWork: BlockingWork, clock: LogClock,
        time: @escaping @Sendable () -> Timestamp
    ) throws(BrokerError) {
        self.catalogue = catalogue
        self.clock = clock
        self.time = time
        topic = InternalTopic(TransactionRecord.topic, catalogue, blockingWork)
        ids = try ProducerIDs(catalogue, blockingWork)
        let now = clock.monotonic()
        var found = State(expiryDue: now + Self.expiryInterval)
        var known: [String: TransactionMetadata] = [:]
        notes =
            try topic.replay { stored in
                guard let record = TransactionRecord(key: stored.record.key, value: stored.record.value) else {
                    return false
                }
                known[record.transactionalID] = record.metadata
                return true
            } + ids.notes
        for (id, metadata) in known {
            found.machines[id] = TransactionStateMachine(metadata, now: now)
            found.owners[metadata.producer.id] = id
            if metadata.decision != nil { found.retries[id] = now }
        }
        ids.skip(to: (known.values.map(\.producer.id).max() ?? -1) + 1)
        state = Mutex(found)
    }

    /// Who is told of a marker in `__consumer_offsets`: the producer's id, and whether it commits. On the committing thread, in the
    /// order of the log.
    func onOffsetsMarker(_ call: @escaping @Sendable (Int64, Bool) -> Void) {
        listeners.withLock { $0.offsetsMarker = call }
    }

    /// From now on there is no coordinator.
    func close() {
        run { state, afterwards in
            state.isClosed = true
            // They are answered so.
            afterwards.calls = state.parked.values.flatMap { $0 }
            state.parked = [:]
        }
    }

    // MARK: Descriptions

    /// Kafka's DescribeTransactions.
    package func describe(_ transactionalID: String) -> TransactionMetadata? {
        state.withLock { $0.machines[transactionalID]?.current }
    }

    /// Kafka's ListTransactions: by id.
    package func list() -> [(transactionalID: String, metadata: TransactionMetadata)] {
        state.withLock { state in
            state.machines.compactMap { id, machine in machine.current.map { (id, $0) } }.sorted { $0.0 < $1.0 }
        }
    }

    // MARK: The shell

    /// Holds the lock for `body`, then does what it left to be done.
    func run(_ body: (inout State, inout Afterwards) -> Void) {
        var afterwards = Afterwards()
        let alarm = state.withLock { state -> Duration? in
            body(&state, &afterwards)
            guard let next = Self.nextDeadline(state), next < state.alarm ?? .seconds(Int64.max) else { return nil }
            state.alarm = next
            return next
        }
        if let alarm { listeners.withLock(\.self).deadline(alarm) }
        for call in afterwards.calls { call() }
    }
}
