import EdgeBroker
import LogStore
import RecordFormat
import Testing

@Suite("A broker")
struct BrokerTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)

    @Test("hands out what was appended, in order, also after it was closed and opened again")
    func appendsAndFetches() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var broker = try await plant.open()
        try await broker.admin.createTopic("orders")
        for number in 0..<10 {
            #expect(try await broker.append([record("v\(number)")], to: orders).lowerBound == Offset(Int64(number)))
        }
        await broker.close()
        broker = try await plant.open()
        let fetched = try await broker.fetch(orders, from: Offset(3))
        #expect(fetched.values == (3..<10).map { "v\($0)" })
        #expect(fetched.nextOffset == Offset(10) && fetched.highWatermark == Offset(10))
        await broker.close()
    }

    @Test("answers a waiting fetch when a record arrives, and with nothing when it is closed or cancelled")
    func longPoll() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders")
            async let waiting = broker.fetch(orders, from: .zero, waitingUpTo: .seconds(600))
            async let appended = broker.append([record("now")], to: orders)
            _ = try await appended
            #expect(try await waiting.values == ["now"])
            let idle = Task { try await broker.fetch(orders, from: Offset(1), waitingUpTo: .seconds(600)) }
            idle.cancel()
            #expect(try await idle.value.records.isEmpty)
            #expect(try await broker.fetch(orders, from: Offset(1), waitingUpTo: .milliseconds(1)).records.isEmpty)
            let last = Task { try await broker.fetch(orders, from: Offset(1), waitingUpTo: .seconds(600)) }
            await broker.close()
            // Whether it waited already or came too late, the close ends it.
            _ = try? await last.value
        }
    }

    @Test("throws once it is closed, and closes for whoever asks")
    func closed() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        let broker = try await plant.open()
        try await broker.admin.createTopic("orders")
        async let first: Void = broker.close()
        async let second: Void = broker.close()
        _ = await (first, second)
        for patience in [Duration.zero, .seconds(600)] {
            let error = await #expect(throws: BrokerError.self) {
                _ = try await broker.fetch(orders, from: .zero, waitingUpTo: patience)
            }
            #expect(error?.code == .closed)
        }
        // Both returned, so the folder is free.
        try await plant.open().close()
    }

    @Test("lets go of its memory and its files once it is closed and nobody has it")
    func isFreed() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        weak var directory: LogDirectory?
        weak var left: Broker?
        do {
            let broker = try await plant.open()
            (left, directory) = (broker, broker.directory)
            try await broker.admin.createTopic("orders")
            _ = try await broker.append([record("v")], to: orders)
            let buffered = TopicConfiguration(durability: .buffered(syncEvery: .seconds(1)))
            try await broker.admin.createTopic("alarms", buffered)
            _ = try await broker.append([record("v")], to: TopicPartition(topic: "alarms", partition: 0))
            _ = try await broker.source(slot: "mes")
            _ = try await broker.makeTransactionalProducer(id: "line-1")
            await broker.close()
        }
        #expect(left == nil)
        #expect(directory == nil)
    }

    @Test("shares its folder with nobody")
    func locks() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        let broker = try await plant.open()
        let error = await #expect(throws: BrokerError.self) { _ = try await plant.open() }
        #expect(error?.code == .locked)
        await broker.close()
        try await plant.open().close()
    }

    @Test("says what it cannot do, and why")
    func errors() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders")
            func code(_ body: () async throws -> Void) async -> BrokerError.Code? {
                do { try await body() } catch { return (error as? BrokerError)?.code }
                return nil
            }
            #expect(await code { try await broker.admin.createTopic("orders") } == .topicExists)
            #expect(await code { try await broker.admin.createTopic("__transactions.mine") } == .invalidTopicName)
            #expect(
                await code { try await broker.admin.createTopic("x", .init(partitionCount: 0)) }
                    == .invalidConfiguration)
            #expect(
                await code { _ = try await broker.fetch(.init(topic: "none", partition: 0), from: .zero) }
                    == .unknownTopic)
            #expect(
                await code { _ = try await broker.fetch(.init(topic: "orders", partition: 1), from: .zero) }
                    == .unknownTopic)
            #expect(await code { _ = try await broker.fetch(orders, from: Offset(5)) } == .offsetOutOfRange)
            let catalogue = TopicPartition(topic: "__catalogue", partition: 0)
            #expect(await code { try await broker.append([record("x")], to: catalogue) } == .unknownTopic)
            _ = try await SourceLog.open(broker, slot: "mes").createTopic("erp.items")
            let captured = TopicPartition(topic: "erp.items", partition: 0)
            #expect(await code { try await broker.append([record("x")], to: captured) } == .readOnlyTopic)
        }
    }

    @Test("keeps hundreds of appends at once in whole and in order")
    func concurrent() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 4))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for producer in 0..<64 {
                    group.addTask {
                        let partition = TopicPartition(topic: "orders", partition: Int32(producer % 4))
                        for number in 0..<20 {
                            try await broker.append([record("\(producer) \(number)")], to: partition)
                        }
                    }
                }
                try await group.waitForAll()
            }
            var last: [Int: Int] = [:]
            var count = 0
            for partition in 0..<Int32(4) {
                let fetched = try await broker.fetch(TopicPartition(topic: "orders", partition: partition), from: .zero)
                #expect(fetched.records.map(\.offset.rawValue) == Array(0..<320))
                for value in fetched.values {
                    let parts = value.split(separator: " ").compactMap { Int($0) }
                    #expect(last[parts[0], default: -1] == parts[1] - 1)
                    last[parts[0]] = parts[1]
                    count += 1
                }
            }
            #expect(count == 64 * 20)
        }
    }
}
