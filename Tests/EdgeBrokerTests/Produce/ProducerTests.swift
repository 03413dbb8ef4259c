import EdgeBroker
import LogStore
import RecordFormat
import Testing

@Suite("A producer")
struct ProducerTests {
    @Test("returns where each record stands, and keeps a task's records in its order")
    func positions() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 3))
            let producer = try broker.makeProducer()
            let sent = try await withThrowingTaskGroup(of: [(String, RecordPosition)].self) { group in
                for task in 0..<16 {
                    group.addTask {
                        var sent: [(String, RecordPosition)] = []
                        for number in 0..<50 {
                            let value = "\(task)-\(number)"
                            let record = Record(key: "task \(task)", value: Array(value.utf8))
                            sent.append((value, try await producer.send(record, to: "orders")))
                        }
                        return sent
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for task in sent {
                // One key, one partition; the calls' order is the log's.
                #expect(Set(task.map(\.1.partition)).count == 1)
                #expect(task.map(\.1.offset) == task.map(\.1.offset).sorted())
                for (value, position) in task {
                    let stored = try await broker.fetch(position.partition, from: position.offset).records.first
                    #expect(stored?.offset == position.offset && stored?.record.value == Array(value.utf8))
                }
            }
            #expect(Set(sent.flatMap { $0.map(\.1) }).count == 800)
        }
    }

    /// Until so many wait for the next round, or it is clear that they do not come.
    private func wait(for count: Int, in plant: SimulatedBroker) async {
        var turns = 0
        while plant.directory.waitingCount < count, turns < 1_000_000 {
            turns += 1
            await Task.yield()
        }
        #expect(plant.directory.waitingCount == count)
    }

    @Test("makes one batch of all records that come before their round, and answers each with its place")
    func oneRound() async throws {
        let plant = try SimulatedBroker()
        try await plant.broker.admin.createTopic("orders")
        let producer = try plant.broker.makeProducer()
        let before = plant.directory.counts
        let offsets = try await withThrowingTaskGroup(of: Offset.self) { group in
            for number in 0..<20 {
                group.addTask { try await producer.send(record("\(number)"), to: "orders").offset }
            }
            await wait(for: 20, in: plant)
            plant.directory.runCommitRound()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(offsets.sorted() == (0..<20).map { Offset($0) })
        let after = plant.directory.counts
        #expect(after.batches - before.batches == 1 && after.rounds - before.rounds == 1)
        await plant.broker.close()
    }

    @Test("has what was sent written when the broker closes, and is told so afterwards")
    func closing() async throws {
        let plant = try SimulatedBroker()
        try await plant.broker.admin.createTopic("orders")
        let producer = try plant.broker.makeProducer()
        async let sent = producer.send(record("on the way"), to: "orders")
        await wait(for: 1, in: plant)
        await plant.broker.close()
        #expect(try await sent.offset == .zero)
        let error = await #expect(throws: BrokerError.self) { try await producer.send(record("late"), to: "orders") }
        #expect(error?.code == .closed || error?.code == .unknownTopic)
    }

    @Test("stamps a record without a time, and leaves a record's own time alone")
    func times() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders")
            let producer = try broker.makeProducer()
            let own = Timestamp(millisecondsSince1970: 1_700_000_000_000)
            let stamped = try await producer.send(Record(key: "WO-4711", value: [1]), to: "orders")
            try await producer.send(Record(key: "WO-4711", value: [2], timestamp: own), to: "orders")
            let records = try await broker.fetch(stamped.partition, from: .zero).records
            #expect(records[0].record.timestamp > own && records[1].record.timestamp == own)
        }
    }

    @Test("compresses its batches; they come back as they were", arguments: Compression.allCases)
    func compression(_ compression: Compression) async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders")
            var configuration = ProducerConfiguration()
            configuration.compression = compression
            configuration.linger = .milliseconds(1)
            let producer = try broker.makeProducer(configuration)
            let value = Array(repeating: UInt8(ascii: "x"), count: 3000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<40 {
                    group.addTask { try await producer.send(Record(key: "k", value: value), to: "orders") }
                }
                try await group.waitForAll()
            }
            let records = try await broker.fetch(TopicPartition(topic: "orders", partition: 0), from: .zero).records
            #expect(records.count == 40 && records.allSatisfy { $0.record.value == value })
            let size = try broker.admin.describe("orders").partitions[0].sizeInBytes
            if compression == .none { #expect(size > 120_000) } else { #expect(size < 60_000) }
        }
    }

    @Test("holds back senders beyond its buffer, and they all come through")
    func backPressure() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders")
            var configuration = ProducerConfiguration()
            configuration.bufferBytes = 64 << 10
            let producer = try broker.makeProducer(configuration)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        let record = Record(key: nil, value: Array(repeating: 7, count: 20_000))
                        try await producer.send(record, to: "orders")
                    }
                }
                try await group.waitForAll()
            }
            #expect(try broker.admin.describe("orders").partitions[0].highWatermark == Offset(100))
        }
    }

    @Test("says why it does not send")
    func errors() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders")
            try await broker.admin.createTopic("state", TopicConfiguration(cleanup: .compact))
            let producer = try broker.makeProducer()
            let record = Record(key: nil, value: [1])
            for (topic, partition, code) in [
                ("nowhere", nil, BrokerError.Code.unknownTopic), ("orders", 7, .unknownTopic),
                ("orders", -1, .unknownTopic), ("state", nil, .missingKey), ("__catalogue", nil, .unknownTopic),
            ] as [(String, Int32?, BrokerError.Code)] {
                let error = await #expect(throws: BrokerError.self) {
                    try await producer.send(record, to: topic, partition: partition)
                }
                #expect(error?.code == code, "\(topic)")
            }
            var configuration = ProducerConfiguration()
            configuration.batchBytes = 3
            #expect(throws: BrokerError.self) { _ = try broker.makeProducer(configuration) }
            await broker.close()
            let error = await #expect(throws: BrokerError.self) { try await producer.send(record, to: "orders") }
            #expect(error?.code == .closed)
        }
    }
}
