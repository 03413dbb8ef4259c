import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

@Suite("Deleting a topic")
struct DeletingTopicsTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)

    private func commit(_ offset: Int64, _ plant: SimulatedBroker) throws {
        try plant.broker.commitOffsetsNow(group: "mes", [orders: CommittedOffset(Offset(offset))]) { _ in }
        plant.directory.runCommitRound()
    }

    @Test(
        "takes its records and the groups' offsets along, and a new one of the name has another id and none of either")
    func deletes() async throws {
        let plant = try SimulatedBroker()
        let first = try await plant.broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
        try plant.produce(10, to: orders)
        try commit(7, plant)
        try await plant.broker.admin.deleteTopic("orders")
        #expect(plant.broker.admin.topics().map(\.name) == ["__consumer_offsets"])
        #expect(plant.broker.committedOffsets(of: "mes").isEmpty)
        #expect(!plant.disk.paths.contains { $0.contains("/orders") })
        for _ in 0..<2 {
            let error = await #expect(throws: BrokerError.self) { try await plant.broker.fetch(orders, from: .zero) }
            #expect(error?.code == .unknownTopic)
            try plant.kill()
        }
        let second = try await plant.broker.admin.createTopic("orders")
        #expect(second.id != first.id && second.partitions.map(\.logEnd) == [.zero])
        try plant.produce(1, to: orders)
        try plant.kill()
        #expect(try await plant.broker.fetch(orders, from: .zero).records.count == 1)
        #expect(plant.broker.recovery.damages.isEmpty && plant.broker.recovery.notes.isEmpty)
        await plant.broker.close()
    }

    @Test("is refused for the broker's own topics, captured ones, those that somebody needs, and unknown ones")
    func refused() async throws {
        let plant = try SimulatedBroker()
        try await plant.broker.admin.createTopic("orders")
        let source = try plant.broker.sourceNow(slot: "mes")
        try source.createTopicNow("erp.items")
        plant.broker.needs("central", from: [orders: .zero])
        let cases: [(String, BrokerError.Code)] = [
            ("__transactions.mes", .readOnlyTopic), ("erp.items", .readOnlyTopic), ("orders", .recordsNeeded),
            ("none", .unknownTopic),
        ]
        for (name, code) in cases {
            let error = await #expect(throws: BrokerError.self) { try await plant.broker.admin.deleteTopic(name) }
            #expect(error?.code == code)
        }
        plant.broker.forget(downstream: "central")
        try await plant.broker.admin.deleteTopic("orders")
        await plant.broker.close()
    }

    @Test("ends a compaction of it, so that nothing of it gets into the next one's folder")
    func compaction() async throws {
        let plant = try SimulatedBroker()
        var compacted = TopicConfiguration()
        compacted.keeping.cleanup = .compact
        compacted.keeping.compaction.dirtyRatio = 0
        try await plant.broker.admin.createTopic("orders", compacted)
        for number in 0..<40 {
            try plant.append(Array(repeating: 1, count: 1000), key: "\(number % 3)", to: orders)
        }
        guard case .working = plant.broker.compact() else {
            Issue.record("No compaction began")
            return
        }
        try await plant.broker.admin.deleteTopic("orders")
        try await plant.broker.admin.createTopic("orders", compacted)
        try plant.append([1], key: "k", to: orders)
        plant.clock.advance(milliseconds: 60_000)
        for _ in 0..<50 {
            if case .failed(_, let error) = plant.broker.compact() { Issue.record("\(error)") }
        }
        #expect(!plant.disk.paths.contains { $0.contains(".cleaned") || $0.contains(".swap") })
        #expect(try await plant.broker.fetch(orders, from: .zero).records.count == 1)
        await plant.broker.close()
    }

    @Test("wakes a fetch that waits")
    func waiting() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders")
            let orders = orders
            let waiting = Task { try await broker.fetch(orders, from: .zero, waitingUpTo: .seconds(3600)) }
            // However far the fetch has come by now, it ends.
            try await broker.admin.deleteTopic("orders")
            let result = await waiting.result
            #expect(throws: BrokerError.self) { try result.get() }
        }
    }

    @Test("survives a power cut at any call: all of it is there or nothing, and a new one never sees old records")
    func powerCuts() async throws {
        // What a power cut may leave, after each call that changes something.
        let plant = try SimulatedBroker()
        let disk = plant.disk
        let id = try await plant.broker.admin.createTopic("orders").id
        try await plant.broker.admin.createTopic("items")
        try plant.produce(20, to: orders)
        try plant.produce(5, to: TopicPartition(topic: "items", partition: 0))
        try commit(7, plant)
        let survivors = Mutex<[SimulatedDisk]>([])
        let fork: @Sendable (DiskOperation) -> Void = { _ in
            let left = (0..<3).map { _ in disk.afterPowerCut() }
            survivors.withLock { $0 += left }
        }
        disk.onOperation(fork)
        try plant.broker.deleteTopicNow("orders")
        let deleted = survivors.withLock(\.count)
        try await plant.broker.admin.createTopic("orders")
        try plant.append([1], to: orders)
        disk.onOperation(nil)
        let all = survivors.withLock(\.self)
        #expect(deleted > 20 && all.count > deleted)
        var outcomes: Set<String> = []
        for (number, survivor) in all.enumerated() {
            try plant.restart(on: survivor)
            let recovery = plant.broker.recovery
            #expect(recovery.damages.isEmpty && recovery.notes.isEmpty, "\(number): \(recovery)")
            let items = try plant.broker.admin.describe("items")
            #expect(items.partitions.map(\.logEnd) == [Offset(5)])
            let found = plant.broker.admin.topics().first { $0.name == "orders" }
            switch found {
            case let topic? where topic.id == id:
                outcomes.insert("old")
                #expect(number < deleted && topic.partitions.map(\.logEnd) == [Offset(20)])
                #expect(plant.broker.committedOffsets(of: "mes")[orders]?.offset == Offset(7))
                try plant.broker.deleteTopicNow("orders")
            case let topic?:
                outcomes.insert("new")
                #expect(number >= deleted && topic.partitions[0].logEnd <= Offset(1))
                #expect(plant.broker.committedOffsets(of: "mes").isEmpty)
            case nil: outcomes.insert("none")
            }
            plant.broker.maintain()
            #expect(!plant.disk.paths.contains { $0.contains("-delete") }, "\(number)")
            if found == nil {
                try await plant.broker.admin.createTopic("orders")
                #expect(plant.broker.committedOffsets(of: "mes").isEmpty)
                #expect(try await plant.broker.fetch(orders, from: .zero).records.isEmpty)
            }
            await plant.broker.close()
        }
        #expect(outcomes == ["old", "none", "new"])
    }
}
