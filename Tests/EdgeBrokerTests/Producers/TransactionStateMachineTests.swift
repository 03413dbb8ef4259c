import EdgeBroker
import RecordFormat
import Testing

@Suite("A transactional id")
struct TransactionStateMachineTests {
    private var machine = TransactionStateMachine()
    private static let orders = TopicPartition(topic: "orders", partition: 0)
    private static let alarms = TopicPartition(topic: "alarms", partition: 0)
    private static let time = Timestamp(millisecondsSince1970: 1)

    private func producer(_ epoch: Int16, id: Int64 = 7) -> ProducerIdentity { ProducerIdentity(id: id, epoch: epoch) }

    private mutating func initialise(
        expecting: ProducerIdentity? = nil, fresh: Int64? = 7
    ) -> TransactionStateMachine.Decision {
        machine.initProducerID(expecting: expecting, timeout: .seconds(60), fresh: fresh, at: Self.time)
    }

    private mutating func add(_ partitions: TopicPartition..., epoch: Int16 = 0) -> TransactionStateMachine.Decision {
        machine.add(Set(partitions), producer(epoch), at: Self.time)
    }

    private mutating func end(commits: Bool, epoch: Int16 = 0) -> TransactionStateMachine.Decision {
        machine.end(producer(epoch), commits: commits, at: Self.time)
    }

    private mutating func append(
        _ epoch: Int16 = 0, id: Int64 = 7, to partition: TopicPartition = orders
    ) -> TransactionError? {
        machine.append(producer(epoch, id: id), to: partition)
    }

    private mutating func complete() -> TransactionMetadata.Status? { machine.completed(at: Self.time)?.status }

    private mutating func expire(after seconds: Int) -> TransactionStateMachine.Decision? {
        machine.expire(now: .seconds(seconds), at: Self.time)
    }

    /// The decision must be to write this; it is synced then.
    private mutating func expect(
        _ decision: TransactionStateMachine.Decision, toWrite status: TransactionMetadata.Status, epoch: Int16 = 0,
        at location: SourceLocation = #_sourceLocation
    ) {
        switch decision {
        case .write(let metadata), .abortFirst(let metadata):
            #expect(metadata.status == status, sourceLocation: location)
            #expect(metadata.producer.epoch == epoch, sourceLocation: location)
        default: Issue.record("\(decision)", sourceLocation: location)
        }
        machine.wrote(isStored: true, now: .zero)
    }

    /// A transaction over both partitions.
    private mutating func open() {
        expect(initialise(), toWrite: .empty)
        expect(add(Self.orders), toWrite: .ongoing)
        expect(add(Self.alarms), toWrite: .ongoing)
    }

    @Test("begins with an id that nobody has, and with the next epoch each time after")
    mutating func epochs() {
        #expect(initialise(fresh: nil) == .needsProducerID)
        expect(initialise(), toWrite: .empty)
        expect(initialise(), toWrite: .empty, epoch: 1)
        expect(initialise(fresh: nil), toWrite: .empty, epoch: 2)
        #expect(machine.current?.producer == producer(2))
    }

    @Test("has another id when its epochs are used up")
    mutating func exhausted() {
        machine = TransactionStateMachine(
            TransactionMetadata(
                producer(Int16.max - 1), timeout: .seconds(1), status: .completeAbort, updateTime: Self.time),
            now: .zero)
        #expect(initialise(fresh: nil) == .needsProducerID)
        expect(initialise(fresh: 8), toWrite: .empty)
        #expect(machine.current?.producer == producer(0, id: 8))
    }

    @Test("takes no request in the epoch that fences the last one")
    mutating func fencingEpoch() {
        machine = TransactionStateMachine(
            TransactionMetadata(producer(.max), timeout: .seconds(1), status: .completeAbort, updateTime: Self.time),
            now: .zero)
        #expect(add(Self.orders, epoch: .max) == .refuse(.producerFenced))
        #expect(end(commits: false, epoch: .max) == .refuse(.producerFenced))
        #expect(initialise(expecting: producer(.max), fresh: nil) == .needsProducerID)
    }

    @Test("gives another id to a producer that asks for the next epoch while it has a transaction in the last one")
    mutating func abortedInLastEpoch() {
        let last = Int16.max - 1
        var open = TransactionMetadata(
            producer(last), timeout: .seconds(1), status: .ongoing, partitions: [Self.orders], updateTime: Self.time)
        open.startTime = Self.time
        machine = TransactionStateMachine(open, now: .zero)
        expect(initialise(expecting: producer(last), fresh: nil), toWrite: .prepareAbort, epoch: .max)
        #expect(complete() == .completeAbort)
        #expect(initialise(expecting: producer(last), fresh: nil) == .needsProducerID)
        expect(initialise(expecting: producer(last), fresh: 8), toWrite: .empty)
        #expect(machine.current?.producer == producer(0, id: 8))
    }

    @Test("aborts a transaction that a log has in the fencing epoch, without a higher one")
    mutating func openInFencingEpoch() {
        var open = TransactionMetadata(
            producer(.max), timeout: .seconds(1), status: .ongoing, partitions: [Self.orders], updateTime: Self.time)
        open.startTime = Self.time
        machine = TransactionStateMachine(open, now: .zero)
        #expect(append(.max) == .invalidProducerEpoch)
        guard let decision = expire(after: 1) else { return #expect(Bool(false)) }
        expect(decision, toWrite: .prepareAbort, epoch: .max)
        #expect(complete() == .completeAbort)
        machine = TransactionStateMachine(open, now: .zero)
        expect(initialise(), toWrite: .prepareAbort, epoch: .max)
        #expect(complete() == .completeAbort)
        expect(initialise(fresh: 8), toWrite: .empty)
        #expect(machine.current?.producer == producer(0, id: 8))
    }

    @Test("ends a transaction once, and answers whoever asks for the same end again")
    mutating func ends() {
        open()
        #expect(add(Self.orders) == .answer(producer(0)))
        expect(end(commits: true), toWrite: .prepareCommit)
        #expect(end(commits: true) == .refuse(.concurrentTransactions))
        #expect(end(commits: false) == .refuse(.invalidTransactionState))
        #expect(add(Self.orders) == .refuse(.concurrentTransactions))
        #expect(complete() == .completeCommit)
        #expect(end(commits: true) == .answer(producer(0)))
        #expect(end(commits: false) == .refuse(.invalidTransactionState))
        expect(add(Self.orders), toWrite: .ongoing)
        #expect(machine.current?.partitions == [Self.orders])
    }

    @Test("tells everybody to try again while a record is being written, and is as before if it is not")
    mutating func pending() {
        open()
        guard case .write = end(commits: true) else { return #expect(Bool(false)) }
        #expect(end(commits: true) == .refuse(.concurrentTransactions))
        #expect(initialise() == .refuse(.concurrentTransactions))
        machine.wrote(isStored: false, now: .zero)
        #expect(machine.current?.status == .ongoing)
        expect(end(commits: false), toWrite: .prepareAbort)
    }

    @Test("aborts what an earlier instance has left open, with an epoch that fences it")
    mutating func fencing() {
        open()
        expect(initialise(), toWrite: .prepareAbort, epoch: 1)
        #expect(end(commits: true) == .refuse(.producerFenced))
        #expect(append() == .invalidProducerEpoch)
        _ = complete()
        expect(initialise(), toWrite: .empty, epoch: 2)
    }

    @Test("gives a producer that asks for the next epoch that one, also when the answer was lost, and nobody else")
    mutating func nextEpoch() {
        expect(initialise(), toWrite: .empty)
        expect(initialise(expecting: producer(0)), toWrite: .empty, epoch: 1)
        #expect(initialise(expecting: producer(0)) == .answer(producer(1)))
        expect(initialise(), toWrite: .empty, epoch: 2)
        #expect(initialise(expecting: producer(0)) == .refuse(.producerFenced))
        #expect(initialise(expecting: producer(1)) == .refuse(.producerFenced))
    }

    @Test("takes batches for its partitions alone, and while it is open alone")
    mutating func batches() {
        expect(initialise(), toWrite: .empty)
        #expect(append() == .invalidTransactionState)
        expect(add(Self.orders), toWrite: .ongoing)
        #expect(append() == nil)
        #expect(append(to: Self.alarms) == .invalidTransactionState)
        #expect(append(id: 8) == .invalidProducerIDMapping)
        // Its marker must stand behind the batch.
        #expect(end(commits: true) == .waitForAppends)
        #expect(append() == .invalidTransactionState)
        let isTurn = machine.appendEnded()
        #expect(isTurn)
        expect(end(commits: true), toWrite: .prepareCommit)
        #expect(append() == .invalidTransactionState)
    }

    @Test("aborts a transaction when its time is over, and not before")
    mutating func timeout() {
        open()
        #expect(machine.wakeUp == .seconds(60))
        #expect(expire(after: 59) == nil)
        guard let decision = expire(after: 60) else { return #expect(Bool(false)) }
        expect(decision, toWrite: .prepareAbort, epoch: 1)
        #expect(machine.wakeUp == nil)
    }
}
