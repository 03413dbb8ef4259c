import LogStore
package import RecordFormat
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

    private struct Listeners: Sendable {
        var deadline: @Sendable (Duration) -> Void = { _ in }
        var offsetsMarker: @Sendable (Int64, Bool) -> Void = { _, _ in }
    }

    /// Kafka's `transaction.max.timeout.ms`.
    package static let longestTimeout = Duration.seconds(15 * 60)
    /// Kafka's `transactional.id.expiration.ms`.
    private static let idExpiry = Duration.seconds(7 * 86_400)
    private static let expiryInterval = Duration.seconds(3600)
    static let retryDelay = Duration.milliseconds(500)
    private static let longestID = 1000

    let topic: InternalTopic
    let ids: ProducerIDs
    private let catalogue: TopicCatalogue
    private let clock: LogClock
    /// The append clock.
    private let time: @Sendable () -> Timestamp
    private let state: Mutex<State>
    private let listeners = Mutex(Listeners())
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

    // MARK: Requests

    /// Kafka's InitProducerId.
    ///
    /// - Parameters:
    ///   - transactionalID: 1…1,000 bytes; what an earlier instance with the same one has left open is aborted first, and it is
    ///     fenced. `nil`: for a producer without transactions, who gets a new id.
    ///   - timeout: of each transaction.
    ///   - expected: who the producer is already, when it asks for the next epoch after an error (KIP-360).
    ///   - answer: after `.success` the identity is durable.
    package func initProducerID(
        _ transactionalID: String?, timeout: Duration, expecting expected: ProducerIdentity? = nil,
        answer: @escaping Answer
    ) {
        guard let transactionalID else {
            return ids.next { result in
                answer(result.map { ProducerIdentity(id: $0, epoch: 0) }.mapError { .notStored($0) })
            }
        }
        if transactionalID.isEmpty || transactionalID.utf8.count > Self.longestID {
            return answer(.failure(.invalidRequest))
        }
        if timeout < .milliseconds(1) || timeout > Self.longestTimeout {
            return answer(.failure(.invalidTransactionTimeout))
        }
        topic.withPartition { [self] result in
            if case .failure(let error) = result { return answer(.failure(.notStored(error))) }
            start(transactionalID, timeout, expected, fresh: nil, answer)
        }
    }

    private func start(
        _ id: String, _ timeout: Duration, _ expected: ProducerIdentity?, fresh: Int64?, _ answer: @escaping Answer
    ) {
        run { state, afterwards in
            if state.isClosed { return afterwards.calls.append { answer(.failure(.coordinatorNotAvailable)) } }
            let decision = state.machines[id, default: TransactionStateMachine()].initProducerID(
                expecting: expected, timeout: timeout, fresh: fresh, at: time())
            perform(decision, id, &state, &afterwards, answer) { [self] fresh in
                start(id, timeout, expected, fresh: fresh, answer)
            }
        }
    }

    /// Kafka's AddPartitionsToTxn: all or none. After `.success` the producer may append to them.
    ///
    /// - Parameters:
    ///   - offsets: the producer may commit offsets of consumer groups as well.
    ///   - answer: `.unknownTopicOrPartition`; `.invalidRequest` for a topic that the broker or capture writes, or a buffered
    ///   one: what it acknowledges a power cut may take back, and half of a transaction with it.
    package func add(
        _ partitions: Set<TopicPartition>, offsets: Bool = false, to transactionalID: String,
        _ producer: ProducerIdentity, answer: @escaping Answer
    ) {
        for name in partitions {
            if let error = refusal(of: name) { return answer(.failure(error)) }
        }
        let all = offsets ? partitions.union([OffsetCommitRecord.topicPartition]) : partitions
        ask(transactionalID, answer) { machine, time in machine.add(all, producer, at: time) }
    }

    /// Kafka's AddOffsetsToTxn: after `.success` the producer may commit offsets of consumer groups.
    package func addOffsets(to transactionalID: String, _ producer: ProducerIdentity, answer: @escaping Answer) {
        add([], offsets: true, to: transactionalID, producer, answer: answer)
    }

    /// Why a partition cannot be part of a transaction.
    package func refusal(of name: TopicPartition) -> TransactionError? {
        guard let topic = catalogue.topic(name.topic), name.partition >= 0,
            Int(name.partition) < topic.partitions.count
        else { return .unknownTopicOrPartition }
        guard case .clients(.synced) = topic.writer, !topic.isInternal,
            // It may have been made a synced one since, which takes effect with the next start.
            !catalogue.directory.isBuffered(topic.partitions[Int(name.partition)])
        else { return .invalidRequest }
        return nil
    }

    /// Kafka's EndTxn. After `.success` it is decided and durable, and readers of committed records see all of the transaction, or
    /// none of it; where the disk refuses the markers, they do once it takes them.
    package func end(
        _ transactionalID: String, _ producer: ProducerIdentity, commits: Bool, answer: @escaping Answer
    ) {
        ask(transactionalID, answer) { machine, time in machine.end(producer, commits: commits, at: time) }
    }

    private func ask(
        _ id: String, _ answer: @escaping Answer,
        _ request: @escaping @Sendable (inout TransactionStateMachine, Timestamp) -> TransactionStateMachine.Decision
    ) {
        run { state, afterwards in
            if state.isClosed { return afterwards.calls.append { answer(.failure(.coordinatorNotAvailable)) } }
            guard var machine = state.machines[id] else {
                return afterwards.calls.append { answer(.failure(.invalidProducerIDMapping)) }
            }
            let decision = request(&machine, time())
            state.machines[id] = machine
            perform(decision, id, &state, &afterwards, answer) { [self] _ in ask(id, answer, request) }
        }
    }

    // MARK: Batches

    /// Whether a batch of a transaction may be appended now. If so, ``appendEnded(_:)`` must follow.
    func beginAppend(_ producer: ProducerIdentity, to partition: TopicPartition) -> TransactionError? {
        state.withLock { state in
            if state.isClosed { return .coordinatorNotAvailable }
            guard let id = state.owners[producer.id] else { return .invalidProducerIDMapping }
            return state.machines[id]?.append(producer, to: partition) ?? nil
        }
    }

    func appendEnded(_ producer: ProducerIdentity) {
        run { state, afterwards in
            guard let id = state.owners[producer.id], state.machines[id]?.appendEnded() == true else { return }
            afterwards.calls += state.parked.removeValue(forKey: id) ?? []
        }
    }

    // MARK: What the machines decide

    private func perform(
        _ decision: TransactionStateMachine.Decision, _ id: String, _ state: inout State,
        _ afterwards: inout Afterwards, _ answer: @escaping Answer, again: @escaping @Sendable (Int64?) -> Void
    ) {
        switch decision {
        case .refuse(let error):
            if state.machines[id]?.isForgettable == true { state.machines[id] = nil }
            afterwards.calls.append { answer(.failure(error)) }
        case .answer(let producer): afterwards.calls.append { answer(.success(producer)) }
        case .waitForAppends: state.parked[id, default: []].append { again(nil) }
        case .needsProducerID:
            afterwards.calls.append { [ids] in
                ids.next { result in
                    switch result {
                    case .success(let fresh): again(fresh)
                    case .failure(let error): answer(.failure(.notStored(error)))
                    }
                }
            }
        case .write(let metadata):
            persist(metadata, id, &state, &afterwards) { error in
                answer(error.map { .failure($0) } ?? .success(metadata.producer))
            }
        case .abortFirst(let metadata):
            persist(metadata, id, &state, &afterwards) { error in
                if let error { answer(.failure(error)) } else { again(nil) }
            }
        }
    }

    /// Writes the record, and after a decision the markers.
    private func persist(
        _ metadata: TransactionMetadata, _ id: String, _ state: inout State, _ afterwards: inout Afterwards,
        then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        let record = TransactionRecord(id, metadata)
        do throws(BrokerError) {
            try topic.stage(key: record.key, value: record.value) { [self] error in
                run { state, afterwards in wrote(metadata, id, error, &state, &afterwards, then) }
            }
        } catch {
            wrote(metadata, id, error, &state, &afterwards, then)
        }
    }

    private func wrote(
        _ metadata: TransactionMetadata, _ id: String, _ error: BrokerError?, _ state: inout State,
        _ afterwards: inout Afterwards, _ then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        state.machines[id]?.wrote(isStored: error == nil, now: clock.monotonic())
        if let error {
            if state.machines[id]?.isForgettable == true { state.machines[id] = nil }
            return afterwards.calls.append { then(.notStored(error)) }
        }
        state.owners[metadata.producer.id] = id
        if metadata.decision == nil { return afterwards.calls.append { then(nil) } }
        writeMarkers(metadata, id, &state, &afterwards, then)
    }

    /// Puts the markers of all partitions into one commit round.
    private func writeMarkers(
        _ metadata: TransactionMetadata, _ id: String, _ state: inout State, _ afterwards: inout Afterwards,
        _ then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        guard let commits = metadata.decision else { return }
        let marker = TransactionMarker(commits ? .commit : .abort, coordinatorEpoch: 0)
        let directory = catalogue.directory
        let batches = metadata.partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
            .compactMap { name in
                // A topic that was deleted meanwhile needs none, nor one whose creation has failed: its folder must stay empty.
                partition(name).map { partition in
                    var builder = RecordBatchBuilder()
                    builder.append(key: marker.key, value: marker.value, timestamp: time())
                    var batch = builder.finish()
                    batch.makeTransactional(
                        producerID: metadata.producer.id, epoch: metadata.producer.epoch, isControl: true)
                    return Append.Batch(batch, to: partition)
                }
            }
        if batches.isEmpty { return complete(metadata, id, &state, &afterwards, then) }
        state.retries[id] = nil
        do throws(LogStoreError) {
            // Made buffered while the transaction was open: such a partition can be part of no larger append.
            for batch in batches where directory.isBuffered(batch.partition) {
                try directory.stage(Append([batch]) { _ in })
            }
            let synced = batches.filter { !directory.isBuffered($0.partition) }
            if synced.isEmpty { return complete(metadata, id, &state, &afterwards, then) }
            try directory.stage(
                Append(synced) { [self] result in
                    if case .success = result, metadata.partitions.contains(OffsetCommitRecord.topicPartition) {
                        listeners.withLock(\.self).offsetsMarker(metadata.producer.id, commits)
                    }
                    run { state, afterwards in
                        if case .success = result {
                            complete(metadata, id, &state, &afterwards, then)
                        } else {
                            postpone(id, &state, &afterwards, then)
                        }
                    }
                })
        } catch {
            postpone(id, &state, &afterwards, then)
        }
    }

    private func partition(_ name: TopicPartition) -> Partition? {
        guard let topic = catalogue.topic(name.topic), name.partition >= 0,
            Int(name.partition) < topic.partitions.count
        else { return nil }
        return topic.partitions[Int(name.partition)]
    }

    /// It is decided all the same.
    private func postpone(
        _ id: String, _ state: inout State, _ afterwards: inout Afterwards,
        _ then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        state.retries[id] = clock.monotonic() + Self.retryDelay
        afterwards.calls.append { then(nil) }
    }

    private func complete(
        _ metadata: TransactionMetadata, _ id: String, _ state: inout State, _ afterwards: inout Afterwards,
        _ then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        state.retries[id] = nil
        if let completed = state.machines[id]?.completed(at: time()) {
            let record = TransactionRecord(id, completed)
            // What refuses it now refuses the next one as well, and that one says so.
            try? topic.stage(key: record.key, value: record.value) { _ in }
        }
        afterwards.calls.append { then(nil) }
    }

    // MARK: Time

    /// When ``fireTimers()`` may have something to do.
    package var nextDeadline: Duration? { state.withLock { Self.nextDeadline($0) } }

    private static func nextDeadline(_ state: State) -> Duration? {
        if state.machines.isEmpty || state.isClosed { return nil }
        return (state.machines.values.compactMap(\.wakeUp) + Array(state.retries.values) + [state.expiryDue]).min()
    }

    /// Whom to tell of a deadline that is earlier than those told before. He calls ``fireTimers()`` then, or a little later.
    package func onDeadline(_ call: @escaping @Sendable (Duration) -> Void) {
        listeners.withLock { $0.deadline = call }
        fireTimers()
    }

    /// Does what time has brought: aborts transactions that were open for too long, tries again what the disk refused, forgets ids
    /// that nobody has used for seven days.
    package func fireTimers() {
        run { state, afterwards in
            state.alarm = nil
            let now = clock.monotonic()
            for id in state.machines.keys.sorted() {
                if let retry = state.retries[id], retry <= now, let metadata = state.machines[id]?.current {
                    writeMarkers(metadata, id, &state, &afterwards) { _ in }
                }
                expire(id, now, &state, &afterwards)
            }
            if state.expiryDue <= now {
                state.expiryDue = now + Self.expiryInterval
                forgetIdle(&state)
            }
        }
    }

    private func expire(_ id: String, _ now: Duration, _ state: inout State, _ afterwards: inout Afterwards) {
        guard let decision = state.machines[id]?.expire(now: now, at: time()) else { return }
        perform(decision, id, &state, &afterwards, { _ in }) { [self] _ in
            run { state, afterwards in expire(id, clock.monotonic(), &state, &afterwards) }
        }
    }

    private func forgetIdle(_ state: inout State) {
        let time = time()
        for (id, machine) in state.machines where machine.isIdle {
            guard let current = machine.current,
                Duration.milliseconds(time.millisecondsSince1970 - current.updateTime.millisecondsSince1970)
                    >= Self.idExpiry
            else { continue }
            do throws(BrokerError) {
                try topic.stage(key: TransactionRecord(id, nil).key, value: nil) { _ in }
                state.machines[id] = nil
                state.owners[current.producer.id] = nil
            } catch {
                // In an hour, then.
                return
            }
        }
    }

    /// Writes the markers that a stop has cut short, and commits them. Blocking; before anybody reads.
    func recover() {
        if PlantedProducerBug.markersForgottenAtStart.isActive { state.withLock { $0.retries = [:] } }
        if state.withLock({ $0.retries.isEmpty }) { return }
        fireTimers()
        catalogue.directory.runCommitRound()
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
    private func run(_ body: (inout State, inout Afterwards) -> Void) {
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
