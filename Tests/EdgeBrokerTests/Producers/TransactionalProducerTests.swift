import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

/// How many commit rounds were run.
private final class Rounds: Sendable {
    private let count = Atomic<Int>(0)
    var number: Int { count.load(ordering: .acquiring) }
    func next() { count.add(1, ordering: .acquiringAndReleasing) }
}

@Suite("A transactional producer")
struct TransactionalProducerTests {
    private func values(_ broker: Broker, _ partition: Int32, _ isolation: IsolationLevel = .committed) async throws
        -> [String]
    {
        try await broker.fetch(TopicPartition(topic: "orders", partition: partition), from: .zero, isolation: isolation)
            .values
    }

    @Test("commits what its body sends when it returns, and nothing of it when it throws")
    func transactions() async throws {
        struct Trouble: Error {}
        try await TemporaryBroker.with { broker in
            _ = try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
            let producer = try await broker.makeTransactionalProducer(id: "press")
            try await producer.transaction { transaction in
                try await withThrowingTaskGroup { group in
                    for number in 0..<20 {
                        group.addTask {
                            try await transaction.send(record("\(number)"), to: "orders", partition: Int32(number % 2))
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await values(broker, 0).isEmpty)
            }
            await #expect(throws: Trouble.self) {
                try await producer.transaction { transaction in
                    try await transaction.send(record("never"), to: "orders", partition: 0)
                    throw Trouble()
                }
            }
            try await producer.transaction { try await $0.send(record("last"), to: "orders", partition: 0) }
            #expect(try await Set(values(broker, 0)) == Set((0..<10).map { "\(2 * $0)" } + ["last"]))
            #expect(try await values(broker, 1).count == 10)
            #expect(try await values(broker, 0, .uncommitted).contains("never"))
        }
    }

    @Test("has each record once for readers of committed ones, when a disk fails and the transaction is run again")
    func again() async throws {
        let plant = try SimulatedBroker()
        let (broker, directory, disk, clock) = (plant.broker, plant.directory, plant.disk, plant.clock)
        try await broker.admin.createTopic("orders")
        let (done, rounds) = (Answer<Void>(), Rounds())
        let attempts = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                defer { done(()) }
                let producer = try await broker.makeTransactionalProducer(id: "press")
                for attempt in 1...10 {
                    // The first time the disk takes the first record, and not the second.
                    do {
                        try await producer.transaction { transaction in
                            try await transaction.send(record("first"), to: "orders")
                            disk.faults.syncs = attempt == 1 ? 1000 : 0
                            try await transaction.send(record("second"), to: "orders")
                        }
                        return attempt
                    } catch let error as BrokerError {
                        #expect(attempt > 1 || error.code == .storage)
                        disk.faults.syncs = 0
                        // So late the partitions are opened again, with the round that begins then.
                        clock.advance(milliseconds: 5000)
                        let end = rounds.number + 2
                        while rounds.number < end { await Task.yield() }
                    }
                }
                return 0
            }
            // What the committing thread does elsewhere.
            group.addTask {
                while done.now == nil {
                    directory.runCommitRound()
                    rounds.next()
                    await Task.yield()
                }
                return 0
            }
            return try await group.reduce(0, +)
        }
        #expect(attempts > 1)
        #expect(try await values(broker, 0) == ["first", "second"])
        await broker.close()
    }

    @Test("is fenced by the next one of its id, which aborts what it has left open")
    func fencing() async throws {
        try await TemporaryBroker.with { broker in
            _ = try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 1))
            let former = try await broker.makeTransactionalProducer(id: "press")
            await #expect(throws: BrokerError.self) {
                try await former.transaction { transaction in
                    try await transaction.send(record("former"), to: "orders")
                    let next = try await broker.makeTransactionalProducer(id: "press")
                    try await next.transaction { try await $0.send(record("next"), to: "orders") }
                    try await transaction.send(record("former"), to: "orders")
                }
            }
            #expect(try await values(broker, 0) == ["next"])
        }
    }

    @Test("without anything to send asks the broker for nothing")
    func empty() async throws {
        try await TemporaryBroker.with { broker in
            let producer = try await broker.makeTransactionalProducer(id: "press")
            let result = try await producer.transaction { _ in 7 }
            #expect(result == 7)
            #expect(broker.transactions.describe("press")?.status == .empty)
        }
    }

    @Test("commits a group's offset with its records, and with nothing when it throws")
    func offsets() async throws {
        struct Trouble: Error {}
        try await TemporaryBroker.with { broker in
            _ = try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 1))
            let orders = TopicPartition(topic: "orders", partition: 0)
            let producer = try await broker.makeTransactionalProducer(id: "press")
            try await producer.transaction { transaction in
                try await transaction.commitOffsets(group: "press", [orders: CommittedOffset(Offset(7))])
                try await transaction.send(record("a"), to: "orders")
                #expect(broker.committedOffsets(of: "press").isEmpty)
            }
            #expect(broker.committedOffsets(of: "press")[orders]?.offset == Offset(7))
            await #expect(throws: Trouble.self) {
                try await producer.transaction { transaction in
                    try await transaction.commitOffsets(group: "press", [orders: CommittedOffset(Offset(9))])
                    throw Trouble()
                }
            }
            #expect(broker.committedOffsets(of: "press")[orders]?.offset == Offset(7))
            #expect(try await values(broker, 0) == ["a"])
        }
    }
}
