import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("Retention")
struct RetentionTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)

    private func plant(_ change: (inout TopicKeeping) -> Void) async throws -> SimulatedBroker {
        let plant = try SimulatedBroker()
        var configuration = TopicConfiguration()
        change(&configuration.keeping)
        try await plant.broker.admin.createTopic("orders", configuration)
        return plant
    }

    @Test("by size keeps the newest segments, also over a kill, and a read below says where to go on")
    func size() async throws {
        let plant = try await plant { $0.retention.bytes = 9000 }
        try plant.produce(20, to: orders)
        plant.broker.maintain()
        func check() async throws {
            let start = try plant.partition(orders).logStart
            #expect(start == Offset(9))
            #expect(plant.directory.retainedSegments(of: try plant.partition(orders)).first?.base == start)
            let gone = await #expect(throws: BrokerError.self) { try await plant.broker.fetch(orders, from: Offset(8)) }
            #expect(gone?.code == .offsetOutOfRange && gone?.nextReadable == start)
            #expect(try await plant.broker.fetch(orders, from: start).records.count == 11)
        }
        try await check()
        try plant.kill()
        try await check()
        #expect(try await plant.gaps().isEmpty)
        await plant.broker.close()
    }

    @Test("by age counts the time that passes, not what the calendar says")
    func age() async throws {
        let plant = try await plant { $0.retention.age = .seconds(3600) }
        try plant.produce(4, to: orders)
        plant.clock.setWall(Timestamp(millisecondsSince1970: 4_070_908_800_000))
        plant.broker.maintain()
        plant.clock.advance(milliseconds: 1_800_000)
        try plant.produce(1, to: orders)
        plant.clock.setWall(Timestamp(millisecondsSince1970: 0))
        plant.broker.maintain()
        #expect(try plant.partition(orders).logStart == .zero)
        try await plant.reopen()
        plant.clock.advance(milliseconds: 1_800_001)
        plant.broker.maintain()
        #expect(try plant.partition(orders).logStart == Offset(3))
        plant.clock.advance(milliseconds: 3_600_000)
        plant.broker.maintain()
        // The segment that was being written is closed for it.
        #expect(try plant.partition(orders).logStart == Offset(5))
        try plant.produce(1, to: orders)
        #expect(try await plant.broker.fetch(orders, from: Offset(5)).records.count == 1)
        await plant.broker.close()
    }

    @Test("leaves a topic alone that is only compacted, and goes no further than a downstream has had")
    func keeps() async throws {
        let compacted = try await plant { keeping in
            keeping.cleanup = .compact
            keeping.retention.bytes = 0
        }
        try compacted.produce(9, to: orders)
        #expect(compacted.broker.maintain().isEmpty)
        await compacted.broker.close()
        let held = try await plant { $0.retention.bytes = 0 }
        try held.produce(9, to: orders)
        held.broker.needs("central", from: [orders: Offset(4)])
        held.broker.maintain()
        #expect(try held.partition(orders).logStart == Offset(3))
        held.broker.forget(downstream: "central")
        held.broker.maintain()
        #expect(try held.partition(orders).logStart == Offset(9))
        await held.broker.close()
    }

    @Test("of a transaction index goes up to a checkpoint that the flow has passed, and keeps the last record")
    func index() async throws {
        let plant = try SimulatedBroker()
        let source = try plant.broker.sourceNow(slot: "mes")
        try source.createTopicNow("erp.items")
        let index = try plant.partition(TopicPartition(topic: "__transactions.mes", partition: 0))
        for number in 0..<200 { try plant.transaction(UInt64(number), ["erp.items"], bytes: 5, source) }
        func sweep() -> Offset {
            plant.broker.maintain()
            return index.logStart
        }
        // Nobody has said who reads; then a flow that has not spoken.
        #expect(sweep() == .zero)
        source.expect(flow: "erp-to-mes")
        #expect(sweep() == .zero)
        source.flow("erp-to-mes", needsFrom: Offset(100))
        let checkpoints = try await plant.indexRecords().filter(\.record.isCheckpoint).map(\.offset)
        #expect(sweep() == checkpoints.last { $0 <= Offset(100) })
        source.flow("erp-to-mes", needsFrom: index.syncedEnd)
        #expect(sweep() == checkpoints.last)
        let state = try source.beginNow()
        try plant.kill()
        let reopened = try plant.broker.sourceNow(slot: "mes")
        #expect(try reopened.beginNow() == state)
        #expect(try plant.partition(TopicPartition(topic: "erp.items", partition: 0)).syncedEnd == Offset(200))
        await plant.broker.close()
    }

    @Test("tells once what a flow needs and finds gone")
    func gaps() async throws {
        let plant = try SimulatedBroker()
        let source = try plant.broker.sourceNow(slot: "mes")
        try source.createTopicNow("erp.items")
        let items = TopicPartition(topic: "erp.items", partition: 0)
        for number in 0..<9 { try plant.transaction(UInt64(number), ["erp.items"], bytes: 1000, source) }
        source.flow("erp-to-mes", needsFrom: Offset(4))
        try plant.directory.deleteRecords(of: try plant.partition(items), below: Offset(6))
        for _ in 0..<2 { plant.broker.maintain() }
        #expect(
            try await plant.gaps().map { $0.prefix { $0 != "b" } } == [
                #"{"topic":"erp.items","partition":0,"start":4,"end":6,"reason":"missing",""#
            ])
        #expect(plant.broker.gapCounts.missingRecords == 2)
        await plant.broker.close()
    }
}
