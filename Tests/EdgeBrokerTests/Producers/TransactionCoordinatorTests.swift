import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

@Suite("Transactions of a broker")
struct TransactionCoordinatorTests {
    private let plant: SimulatedBroker
    private let names = [TopicPartition(topic: "orders", partition: 0), TopicPartition(topic: "orders", partition: 1)]

    init() throws { plant = try SimulatedBroker(segmentBytes: 64 << 10) }

    private func start() async throws -> ProducerIdentity {
        _ = try await plant.broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
        return try initialise()
    }

    private func initialise(_ id: String = "press") throws -> ProducerIdentity {
        try answer { plant.broker.transactions.initProducerID(id, timeout: .seconds(60), answer: $0) }
    }

    /// Runs commit rounds until there is an answer.
    private func answer(
        _ request: (@escaping TransactionCoordinator.Answer) -> Void
    ) throws -> ProducerIdentity {
        let outcome = Mutex<Result<ProducerIdentity, TransactionError>?>(nil)
        request { result in outcome.withLock { $0 = result } }
        for _ in 0..<5 where outcome.withLock({ $0 == nil }) { plant.directory.runCommitRound() }
        return try #require(outcome.withLock { $0 }).get()
    }

    private func send(
        _ value: String, _ producer: ProducerIdentity, sequence: Int32 = 0, to name: TopicPartition
    ) throws -> AppendedBatch {
        var builder = RecordBatchBuilder()
        builder.append(key: nil, value: Array(value.utf8), timestamp: Timestamp(millisecondsSince1970: 1))
        var batch = builder.finish()
        batch.setProducer(id: producer.id, epoch: producer.epoch, sequence: sequence, isTransactional: true)
        let outcome = Mutex<Result<AppendedBatch, BrokerError>?>(nil)
        plant.broker.append(batch: batch, to: name) { result in outcome.withLock { $0 = result } }
        plant.directory.runCommitRound()
        return try #require(outcome.withLock { $0 }).get()
    }

    private func add(_ names: [TopicPartition], _ producer: ProducerIdentity) throws {
        _ = try answer { plant.broker.transactions.add(Set(names), to: "press", producer, answer: $0) }
    }

    private func end(_ producer: ProducerIdentity, commits: Bool) throws {
        _ = try answer { plant.broker.transactions.end("press", producer, commits: commits, answer: $0) }
    }

    private func values(_ name: TopicPartition, _ isolation: IsolationLevel = .committed) async throws -> [String] {
        try await plant.broker.fetch(name, from: .zero, isolation: isolation).values
    }

    @Test("show in all partitions at one moment, and not before they are committed")
    func commit() async throws {
        let producer = try await start()
        try add(names, producer)
        for name in names { _ = try send("a", producer, to: name) }
        #expect(try await values(names[0]).isEmpty)
        #expect(try await values(names[0], .uncommitted) == ["a"])
        try end(producer, commits: true)
        for name in names { #expect(try await values(name) == ["a"]) }
    }

    @Test("that are aborted are left out, and what stands beside them is not")
    func abort() async throws {
        let producer = try await start()
        for round in 0..<Int32(4) {
            try add([names[0]], producer)
            _ = try send("\(round)", producer, sequence: round, to: names[0])
            try plant.append(Array("of nobody".utf8), to: names[0])
            try end(producer, commits: round % 2 == 1)
        }
        let found = try await values(names[0])
        #expect(found.filter { $0 != "of nobody" } == ["1", "3"])
        #expect(found.count == 6)
    }

    @Test("take no batch for a partition that was not added, nor after their end, nor of an instance that was fenced")
    func verification() async throws {
        let producer = try await start()
        try add([names[0]], producer)
        func code(_ body: () throws -> AppendedBatch) -> BrokerError.Code? {
            do {
                _ = try body()
                return nil
            } catch {
                return (error as? BrokerError)?.code
            }
        }
        #expect(code { try send("a", producer, to: names[1]) } == .invalidTransactionState)
        #expect(code { try send("a", producer, to: names[0]) } == nil)
        let next = try initialise()
        #expect(next.epoch > producer.epoch)
        #expect(code { try send("b", producer, sequence: 1, to: names[0]) } == .invalidProducerEpoch)
        try add([names[0]], next)
        #expect(code { try send("c", next, to: names[0]) } == nil)
        try end(next, commits: true)
        #expect(code { try send("d", next, sequence: 1, to: names[0]) } == .invalidTransactionState)
        #expect(try await values(names[0]) == ["c"])
    }

    @Test("that are decided are completed by the next start; others stay open")
    func recovery() async throws {
        let producer = try await start()
        try add(names, producer)
        for name in names { _ = try send("a", producer, to: name) }
        try plant.kill()
        #expect(try await values(names[0]).isEmpty)
        let outcome = Mutex(false)
        plant.broker.transactions.end("press", producer, commits: true) { _ in outcome.withLock { $0 = true } }
        // The decision alone.
        plant.directory.runCommitRound()
        #expect(!outcome.withLock { $0 })
        try plant.kill()
        for name in names { #expect(try await values(name) == ["a"]) }
        #expect(plant.broker.transactions.describe("press")?.status == .completeCommit)
        try add([names[0]], producer)
        _ = try send("b", producer, sequence: 1, to: names[0])
    }

    @Test("are aborted when they have been open for too long, and their producer is fenced")
    func timeout() async throws {
        let producer = try await start()
        try add([names[0]], producer)
        _ = try send("late", producer, to: names[0])
        plant.clock.advance(milliseconds: 60_000)
        plant.broker.transactions.fireTimers()
        for _ in 0..<3 { plant.directory.runCommitRound() }
        try plant.append(Array("behind".utf8), to: names[0])
        #expect(try await values(names[0]) == ["behind"])
        #expect(throws: TransactionError.producerFenced) { try end(producer, commits: true) }
    }

    @Test("never get a producer id twice, also after a kill")
    func ids() throws {
        var seen: Set<Int64> = []
        for _ in 0..<3 {
            for _ in 0..<5 {
                let producer = try answer {
                    plant.broker.transactions.initProducerID(nil, timeout: .seconds(1), answer: $0)
                }
                #expect(seen.insert(producer.id).inserted)
            }
            try plant.kill()
        }
    }

    @Test("are refused for topics that are buffered, internal or not there")
    func partitions() async throws {
        let producer = try await start()
        _ = try await plant.broker.admin.createTopic(
            "samples", TopicConfiguration(partitionCount: 1, durability: .buffered(syncEvery: .seconds(1))))
        func error(_ topic: String) -> TransactionError? {
            do {
                try add([TopicPartition(topic: topic, partition: 0)], producer)
                return nil
            } catch {
                return error as? TransactionError
            }
        }
        #expect(error("samples") == .invalidRequest)
        #expect(error("__transaction_state") == .invalidRequest)
        #expect(error("nowhere") == .unknownTopicOrPartition)
    }
}
