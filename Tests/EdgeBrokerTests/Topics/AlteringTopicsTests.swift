import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

@Suite("Altering a topic")
struct AlteringTopicsTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)

    private func code(_ body: () async throws -> Void) async -> BrokerError.Code? {
        do { try await body() } catch { return (error as? BrokerError)?.code }
        return nil
    }

    @Test("changes what is named and nothing else, at once and after a restart")
    func alters() async throws {
        let plant = try SimulatedBroker()
        let admin = plant.broker.admin
        try await admin.createTopic(
            "orders",
            try TopicConfiguration(
                partitionCount: 1, settings: [("retention.bytes", "5"), ("disk.priority", "9")]))
        let altered = try await admin.alterTopic(
            "orders",
            [
                .set(key: "retention.ms", value: "1000"), .set(key: "segment.bytes", value: "1024"),
                .reset(key: "retention.bytes"),
            ])
        var expected = TopicConfiguration()
        expected.keeping.retention.age = .seconds(1)
        expected.keeping.segments.bytes = 1024
        expected.keeping.disk.priority = 9
        #expect(altered.configuration == expected)
        let changed = altered.settings.filter { !$0.isDefault }.map { "\($0.key)=\($0.value)" }
        #expect(changed == ["retention.ms=1000", "segment.bytes=1024", "disk.priority=9"])
        #expect(altered.settings.contains { $0.key == "compression.type" && $0.value == "producer" && $0.isFixed })
        // Two segments of the new size, of which the first goes by its age.
        try plant.produce(2, to: orders)
        #expect(plant.disk.paths.count { $0.contains("/orders-0/") && $0.hasSuffix(".log") } == 2)
        plant.clock.advance(milliseconds: 2000)
        plant.broker.maintain()
        #expect(try plant.partition(orders).logStart > .zero)
        try plant.kill()
        #expect(try plant.broker.admin.describe("orders").configuration == expected)
        await plant.broker.close()
    }

    @Test("changes the durability at once while nothing was appended, otherwise with the next opening")
    func durability() async throws {
        let plant = try SimulatedBroker()
        try await plant.broker.admin.createTopic("orders")
        func isWrittenAtOnce() throws -> Bool {
            var batch = Append.Batch(RecordBatchBuilder.one("v"), to: try plant.partition(orders))
            return try plant.directory.writeNow(&batch) != nil
        }
        try await plant.broker.admin.alterTopic("orders", [.set(key: "durability", value: "buffered")])
        #expect(try isWrittenAtOnce())
        let synced = try await plant.broker.admin.alterTopic("orders", [.set(key: "durability", value: "synced")])
        #expect(synced.configuration == TopicConfiguration())
        #expect(try isWrittenAtOnce())
        try await plant.reopen()
        #expect(try !isWrittenAtOnce())
        await plant.broker.close()
    }

    @Test("is refused with every mistake, and for what a topic cannot be")
    func refused() async throws {
        let plant = try SimulatedBroker()
        let admin = plant.broker.admin
        try await admin.createTopic("orders")
        try plant.broker.sourceNow(slot: "mes").createTopicNow("erp.items")
        let cases: [(String, [TopicSettingChange], BrokerError.Code)] = [
            ("orders", [.set(key: "retention.ms", value: "x")], .invalidConfiguration),
            ("orders", [.set(key: "colour", value: "red")], .invalidConfiguration),
            ("orders", [.reset(key: "colour")], .invalidConfiguration),
            ("orders", [.set(key: "sync.interval.ms", value: "5")], .invalidConfiguration),
            ("orders", [.set(key: "compression.type", value: "zstd")], .invalidConfiguration),
            ("erp.items", [.set(key: "durability", value: "buffered")], .invalidConfiguration),
            ("erp.items", [.set(key: "cleanup.policy", value: "compact")], .invalidConfiguration),
            ("__transactions.mes", [.set(key: "retention.ms", value: "5")], .readOnlyTopic),
            ("none", [], .unknownTopic),
        ]
        for (name, changes, expected) in cases {
            #expect(await code { _ = try await admin.alterTopic(name, changes) } == expected, "\(name) \(changes)")
        }
        let items = try await admin.alterTopic(
            "erp.items", [.set(key: "retention.ms", value: "5"), .reset(key: "disk.full")])
        #expect(items.settings.filter { !$0.isDefault }.map(\.key) == ["retention.ms"])
        #expect(items.configuration.keeping.disk.whenFull == .block)
        await plant.broker.close()
    }

    @Test("adds partitions, never takes some away, and keeps the records that there are")
    func partitions() async throws {
        let plant = try SimulatedBroker()
        let admin = plant.broker.admin
        let id = try await admin.createTopic("orders").id
        try plant.broker.sourceNow(slot: "mes").createTopicNow("erp.items")
        try plant.produce(3, to: orders)
        #expect(try await admin.createPartitions("orders", total: 3).partitions.count == 3)
        let last = TopicPartition(topic: "orders", partition: 2)
        try plant.produce(1, to: last)
        #expect(try await plant.broker.fetch(last, from: .zero).records.count == 1)
        for (name, total, expected) in [
            ("orders", 3, .invalidConfiguration), ("orders", 10_001, .invalidConfiguration),
            ("erp.items", 2, .readOnlyTopic), ("__transactions.mes", 2, .readOnlyTopic), ("none", 2, .unknownTopic),
        ] as [(String, Int32, BrokerError.Code)] {
            #expect(await code { _ = try await admin.createPartitions(name, total: total) } == expected)
        }
        try plant.kill()
        let topic = try plant.broker.admin.describe("orders")
        #expect(topic.id == id && topic.partitions.map(\.logEnd) == [Offset(3), .zero, Offset(1)])
        await plant.broker.close()
    }

    @Test("survives a power cut at any call: the topic is as before or as after")
    func powerCuts() async throws {
        let plant = try SimulatedBroker()
        let disk = plant.disk
        let before = try await plant.broker.admin.createTopic("orders").configuration
        try plant.produce(3, to: orders)
        let survivors = Mutex<[SimulatedDisk]>([])
        disk.onOperation { _ in
            let left = (0..<3).map { _ in disk.afterPowerCut() }
            survivors.withLock { $0 += left }
        }
        try await plant.broker.admin.createPartitions("orders", total: 2)
        let after = try await plant.broker.admin.alterTopic(
            "orders", [.set(key: "retention.ms", value: "-1")]
        ).configuration
        disk.onOperation(nil)
        var grown = before
        grown.partitionCount = 2
        var found: [TopicConfiguration] = []
        for survivor in survivors.withLock(\.self) {
            try plant.restart(on: survivor)
            #expect(plant.broker.recovery.damages.isEmpty && plant.broker.recovery.notes.isEmpty)
            let topic = try plant.broker.admin.describe("orders")
            #expect(topic.partitions[0].logEnd == Offset(3))
            if !found.contains(topic.configuration) { found.append(topic.configuration) }
            let more = topic.configuration.partitionCount + 1
            #expect(try await plant.broker.admin.createPartitions("orders", total: more).partitions.count == Int(more))
            await plant.broker.close()
        }
        #expect(found == [before, grown, after])
    }
}

extension RecordBatchBuilder {
    fileprivate static func one(_ value: String) -> [UInt8] {
        var builder = RecordBatchBuilder()
        builder.append(contentsOf: [record(value)])
        return builder.finish()
    }
}
