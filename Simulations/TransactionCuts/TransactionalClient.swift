import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// A producer of transactions over several partitions, some with a group's offset, as Kafka's client makes them: one request at a
/// time, and the same again if there was no answer; or as a new instance, which fences the former.
///
/// Used by one thread, as ``Plant``.
final class TransactionalClient: @unchecked Sendable {
    private enum Phase {
        case new
        case ready
        case open(Int)
        case ending(Int, commits: Bool)
    }

    let id: String
    private unowned let plant: Plant
    private var phase = Phase.new
    private var producer: ProducerIdentity?
    /// Fenced instances that still send.
    private var zombies: [ProducerIdentity] = []
    private var sequences: [TopicPartition: Int32] = [:]
    private var joined: Set<TopicPartition> = []
    private var hasJoinedOffsets = false
    /// The batch that has no answer yet.
    private var unanswered: (partition: TopicPartition, sequence: Int32, value: String)?
    private var isWaiting = false
    private var life = 0
    /// The numbers of its transactions.
    private(set) var own: [Int] = []
    private var hasUnansweredOffsets = false

    init(_ plant: Plant, _ id: String) {
        self.plant = plant
        self.id = id
    }

    var isOpen: Bool { if case .open = phase { true } else { false } }
    var isEnding: Bool { if case .ending = phase { isWaiting } else { false } }
    var isCommittingOffsets: Bool { hasUnansweredOffsets }

    /// The broker has restarted: answers that were due do not come.
    /// - Parameter dies: the client has ended too; `nil` leaves it to chance.
    func restart(dies: Bool? = nil) throws(Violation) {
        life += 1
        isWaiting = false
        hasUnansweredOffsets = false
        if case .ending(let number, true) = phase { try plant.ledger.end(number, .unknown) }
        if dies ?? plant.generator.chance(400) { try forget() }
    }

    private func forget() throws(Violation) {
        switch phase {
        case .open(let number), .ending(let number, false): try plant.ledger.end(number, .aborted)
        case .ending(let number, true): try plant.ledger.end(number, .unknown)
        case .new, .ready: break
        }
        if let producer { zombies.append(producer) }
        (phase, producer, unanswered) = (.new, nil, nil)
    }

    func step(_ broker: Broker) throws(Violation) {
        if plant.generator.chance(60), let zombie = zombies.last { sendAsZombie(zombie, broker) }
        if isWaiting { return }
        switch phase {
        case .new: initialise(broker)
        case .ready: try begin()
        case .open(let number):
            if plant.generator.chance(15) { return try forget() }
            if let batch = unanswered { return send(batch, broker, isRetry: true) }
            switch plant.generator.below(10) {
            case 0..<6: try append(number, broker)
            case 6: commitOffset(number, broker)
            default: try end(number, commits: plant.generator.chance(700), broker)
            }
        case .ending(let number, let commits): try end(number, commits: commits, broker)
        }
    }

    // MARK: Requests

    private func initialise(_ broker: Broker) {
        wait { [self] done in
            broker.transactions.initProducerID(id, timeout: .seconds(60)) { [self] result in
                guard done() else { return }
                switch result {
                case .success(let producer):
                    if let zombie = zombies.last, (zombie.id, zombie.epoch) >= (producer.id, producer.epoch) {
                        return plant.fail(Violation("\(id) was \(zombie), and is \(producer) now"))
                    }
                    self.producer = producer
                    sequences = [:]
                    phase = .ready
                case .failure(let error): refused(error, "is not initialised")
                }
            }
        }
    }

    private func begin() throws(Violation) {
        let number = plant.ledger.begin()
        own.append(number)
        (joined, hasJoinedOffsets) = ([], false)
        phase = .open(number)
    }

    private func append(_ number: Int, _ broker: Broker) throws(Violation) {
        guard let producer else { return }
        let partition = plant.generator.element(of: plant.partitions)
        if joined.contains(partition) {
            let value = plant.ledger.record(to: partition, in: number)
            let batch = (partition, sequences[partition] ?? 0, value)
            sequences[partition, default: 0] += 1
            unanswered = batch
            send(batch, broker, isRetry: false)
            return
        }
        wait { [self] done in
            broker.transactions.add([partition], to: id, producer) { [self] result in
                guard done() else { return }
                switch result {
                case .success: joined.insert(partition)
                case .failure(let error): refused(error, "cannot join \(partition)")
                }
            }
        }
    }

    private func send(
        _ batch: (partition: TopicPartition, sequence: Int32, value: String), _ broker: Broker, isRetry: Bool
    ) {
        guard let producer else { return }
        if isRetry { plant.totals.retries += 1 }
        let bytes = plant.batch(batch.value, producer, sequence: batch.sequence, isTransactional: true)
        wait { [self] done in
            broker.append(batch: bytes, to: batch.partition) { [self] result in
                guard done() else { return }
                switch result {
                case .success(let appended):
                    plant.acknowledge(batch.value, appended.range.lowerBound, in: batch.partition)
                    unanswered = nil
                case .failure(let error):
                    plant.noteFailure("\(batch.value) was refused: \(error)")
                    if case .open(let number) = phase { abandon(number) }
                }
            }
        }
    }

    private func commitOffset(_ number: Int, _ broker: Broker) {
        guard let producer else { return }
        if !hasJoinedOffsets {
            return wait { [self] done in
                broker.transactions.addOffsets(to: id, producer) { [self] result in
                    guard done() else { return }
                    switch result {
                    case .success: hasJoinedOffsets = true
                    case .failure(let error): refused(error, "cannot commit offsets")
                    }
                }
            }
        }
        hasUnansweredOffsets = true
        wait { [self] done in
            plant.commitOffset(number, of: producer, group: id, broker) { [self] isDone in
                guard done() else { return }
                hasUnansweredOffsets = false
                if isDone {
                    plant.ledger.noteOffsets(of: number)
                    plant.totals.offsetCommits += 1
                } else {
                    abandon(number)
                }
            }
        }
    }

    private func end(_ number: Int, commits: Bool, _ broker: Broker) throws(Violation) {
        guard let producer else { return }
        // A client does not end what it has not begun on the broker.
        if joined.isEmpty, !hasJoinedOffsets {
            try plant.ledger.end(number, .aborted)
            phase = .ready
            return
        }
        phase = .ending(number, commits: commits)
        // What is to be aborted is never committed, whether the answer comes or not: recovery may abort it before the client asks again.
        try plant.ledger.end(number, commits ? .unknown : .aborted)
        wait { [self] done in
            broker.transactions.end(id, producer, commits: commits) { [self] result in
                guard done() else { return }
                switch result {
                case .success:
                    conclude(number, commits ? .committed : .aborted)
                    phase = .ready
                case .failure(.invalidTransactionState), .failure(.producerFenced), .failure(.invalidProducerIDMapping):
                    plant.fail(Violation("\(id) cannot end transaction \(number): \(result)"))
                case .failure(let error): refused(error, "cannot end")
                }
            }
        }
    }

    private func sendAsZombie(_ zombie: ProducerIdentity, _ broker: Broker) {
        // Fenced only once the next instance has been initialised.
        guard let producer, producer != zombie else { return }
        plant.totals.zombies += 1
        let partition = plant.generator.element(of: plant.partitions)
        let bytes = plant.batch("of a zombie", zombie, sequence: 0, isTransactional: true)
        broker.append(batch: bytes, to: partition) { [self] result in
            if case .success = result { plant.fail(Violation("\(partition) took a batch of the fenced \(zombie)")) }
        }
    }

    // MARK: Answers

    private func wait(_ request: (@escaping @Sendable () -> Bool) -> Void) {
        isWaiting = true
        let life = life
        request { [self] in
            if life != self.life { return false }
            isWaiting = false
            return true
        }
    }

    private func conclude(_ number: Int, _ outcome: Ledger.Outcome) {
        do throws(Violation) {
            try plant.ledger.end(number, outcome)
        } catch {
            plant.fail(error)
        }
        if case .committed = outcome { plant.totals.committed += 1 } else { plant.totals.aborted += 1 }
    }

    /// The disk failed: whoever knows less than all begins anew.
    private func abandon(_ number: Int) {
        unanswered = nil
        conclude(number, .aborted)
        if let producer { zombies.append(producer) }
        (phase, producer) = (.new, nil)
    }

    private func refused(_ error: TransactionError, _ what: String) {
        switch error {
        case .notStored, .coordinatorNotAvailable: plant.noteFailure("\(id) \(what): \(error)")
        case .concurrentTransactions: break
        default: plant.fail(Violation("\(id) \(what): \(error)"))
        }
    }
}
