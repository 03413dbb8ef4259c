import EdgeBroker
import EdgeBrokerTesting
import LogStore
import Logging
import RecordFormat
import Testing

@Suite("Compaction of topics")
struct CompactingTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)

    /// Steps until nothing is due.
    private func compact(_ plant: SimulatedBroker) throws -> [TopicPartition] {
        var finished: [TopicPartition] = []
        while true {
            switch plant.broker.compact() {
            case .idle: return finished
            case .working: break
            case .finished(let name, _, _): finished.append(name)
            case .failed(_, let error): throw error
            }
        }
    }

    @Test("leaves the newest record of each key at its offset, and topics alone that only delete")
    func latest() async throws {
        let plant = try SimulatedBroker()
        var compacted = TopicConfiguration()
        compacted.keeping.cleanup = .compact
        try await plant.broker.admin.createTopic("orders", compacted)
        try await plant.broker.admin.createTopic("events")
        let events = TopicPartition(topic: "events", partition: 0)
        for number in 0..<200 {
            for name in [orders, events] {
                try plant.append(Array("\(number)".utf8), key: "k\(number % 5)", to: name)
            }
        }
        #expect(try compact(plant) == [orders])
        let closed = try #require(plant.directory.retainedSegments(of: try plant.partition(orders)).last?.base)
        let kept = try await plant.broker.fetch(orders, from: .zero)
        #expect(kept.nextOffset == Offset(200))
        #expect(kept.records.allSatisfy { $0.record.value == Array("\($0.offset)".utf8) })
        #expect(kept.records.count { $0.offset < closed } == 5)
        #expect(try await plant.broker.fetch(events, from: .zero).records.count == 200)
        // Nothing is looked at again before its time, and then there is nothing to do.
        #expect(try compact(plant).isEmpty)
        plant.clock.advance(milliseconds: 10_000)
        #expect(try compact(plant).isEmpty)
        try plant.kill()
        #expect(try await plant.broker.fetch(orders, from: .zero).records == kept.records)
        await plant.broker.close()
    }

    @Test("of committed offsets keeps their topic small, and forgets none")
    func offsets() async throws {
        let plant = try SimulatedBroker()
        try await plant.broker.admin.createTopic("orders")
        let topic = TopicPartition(topic: "__consumer_offsets", partition: 0)
        let note = String(repeating: "m", count: 4000)
        for number in 0..<1500 {
            try plant.broker.commitOffsetsNow(
                group: "g\(number % 3)", [orders: CommittedOffset(Offset(Int64(number)), metadata: note)]
            ) { _ in }
            plant.directory.runCommitRound()
        }
        let before = try plant.partition(topic).sizeInBytes
        #expect(try compact(plant) == [topic])
        #expect(try plant.partition(topic).sizeInBytes * 2 < before)
        try plant.kill()
        for group in 0..<3 {
            #expect(plant.broker.committedOffsets(of: "g\(group)")[orders]?.offset == Offset(Int64(1497 + group)))
        }
        await plant.broker.close()
    }

    @Test("happens by itself while the broker is open")
    func thread() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var configuration = BrokerConfiguration(dataDirectory: plant.path)
        configuration.segmentBytes = 4096
        configuration.isMaintained = false
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var broker = try await Broker.open(configuration, logger: logger)
        var compacted = TopicConfiguration()
        compacted.keeping.cleanup = .compact
        try await broker.admin.createTopic("orders", compacted)
        for number in 0..<100 {
            try await broker.append([record(String(repeating: "v", count: 200), key: "\(number % 2)")], to: orders)
        }
        await broker.close()
        configuration.isMaintained = true
        broker = try await Broker.open(configuration, logger: logger)
        // Ends when records are gone, however long the machine takes for it.
        while try await broker.fetch(orders, from: .zero).records.count == 100 { await Task.yield() }
        #expect(try await broker.fetch(orders, from: .zero).nextOffset == Offset(100))
        await broker.close()
    }
}
