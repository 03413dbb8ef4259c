import EdgeBroker
import RecordFormat
import Testing

@Suite("A topic")
struct AdminTests {
    @Test("keeps its settings over a restart")
    func settings() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var broker = try await plant.open()
        var configuration = TopicConfiguration(partitionCount: 2, durability: .buffered(syncEvery: .milliseconds(20)))
        configuration.keeping.cleanup = .compactAndDelete
        configuration.keeping.retention.bytes = 1 << 30
        configuration.keeping.disk.priority = 9
        try await broker.admin.createTopic("orders", configuration)
        await broker.close()
        broker = try await plant.open()
        #expect(try broker.admin.describe("orders").configuration == configuration)
        await broker.close()
    }

    @Test("is not created with a setting out of its range")
    func refuses() async throws {
        try await TemporaryBroker.with { broker in
            var negative = TopicConfiguration()
            negative.keeping.retention.bytes = -1
            var late = TopicConfiguration()
            late.keeping.compaction.minimumLag = .seconds(2)
            late.keeping.compaction.maximumLag = .seconds(1)
            let never = TopicConfiguration(durability: .buffered(syncEvery: .zero))
            for configuration in [negative, late, never] {
                let error = await #expect(throws: BrokerError.self) {
                    try await broker.admin.createTopic("orders", configuration)
                }
                #expect(error?.code == .invalidConfiguration)
            }
            #expect(broker.admin.topics().isEmpty)
        }
    }

    @Test("that is compacted takes no record without a key, and nothing of its append", arguments: [true, false])
    func keys(encoded: Bool) async throws {
        try await TemporaryBroker.with { broker in
            var configuration = TopicConfiguration()
            configuration.keeping.cleanup = .compact
            try await broker.admin.createTopic("orders", configuration)
            let orders = TopicPartition(topic: "orders", partition: 0)
            func append(_ records: [Record]) async throws {
                if !encoded { return _ = try await broker.append(records, to: orders) }
                var builder = RecordBatchBuilder()
                builder.append(contentsOf: records)
                _ = try await broker.append(batch: builder.finish(), to: orders)
            }
            let error = await #expect(throws: BrokerError.self) {
                try await append([record("a", key: "1"), record("b")])
            }
            #expect(error?.code == .missingKey)
            try await append([record("a", key: "1"), record("b", key: "")])
            #expect(try await broker.fetch(orders, from: .zero).values == ["a", "b"])
        }
    }

    @Test("that capture writes is synced, and blocks rather than lose a record")
    func captured() async throws {
        try await TemporaryBroker.with { broker in
            try await SourceLog.open(broker, slot: "mes").createTopic("erp.items")
            for name in ["erp.items", "__transactions.mes"] {
                let topic = try broker.admin.describe(name)
                #expect(topic.configuration.durability == .synced && topic.owner == "mes")
                #expect(topic.configuration.keeping.disk.whenFull == .block)
                #expect(topic.configuration.keeping.retention.age == nil)
            }
        }
    }
}
