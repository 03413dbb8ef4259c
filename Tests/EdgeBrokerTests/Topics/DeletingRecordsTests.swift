import EdgeBroker
import LogStore
import RecordFormat
import Testing

@Suite("Deleting records")
struct DeletingRecordsTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)

    @Test("moves the log start, also into a segment, and never back")
    func moves() async throws {
        let plant = try SimulatedBroker()
        try await plant.broker.admin.createTopic("orders")
        try plant.produce(10, to: orders)
        #expect(try await plant.broker.admin.deleteRecords(orders, below: Offset(4)) == Offset(4))
        #expect(try await plant.broker.admin.deleteRecords(orders, below: Offset(2)) == Offset(4))
        #expect(try plant.broker.admin.describe("orders").partitions[0].logStart == Offset(4))
        #expect(try await plant.broker.fetch(orders, from: Offset(4)).records.count == 6)
        try plant.kill()
        #expect(try plant.broker.admin.describe("orders").partitions[0].logStart == Offset(4))
        #expect(try await plant.broker.admin.deleteRecords(orders, below: Offset(10)) == Offset(10))
        #expect(try await plant.broker.fetch(orders, from: Offset(10)).records.isEmpty)
        await plant.broker.close()
    }

    @Test("is refused where somebody needs them, above the end, and for topics that do not delete")
    func refused() async throws {
        let plant = try SimulatedBroker()
        var compacted = TopicConfiguration()
        compacted.keeping.cleanup = .compact
        try await plant.broker.admin.createTopic("orders")
        try await plant.broker.admin.createTopic("kept", compacted)
        let source = try plant.broker.sourceNow(slot: "mes")
        try source.createTopicNow("erp.items")
        for number in 0..<3 { try plant.transaction(UInt64(number), ["erp.items"], source) }
        try plant.produce(3, to: orders)
        plant.broker.needs("central", from: [orders: Offset(1)])
        let cases: [(TopicPartition, Int64, BrokerError.Code)] = [
            (orders, 2, .recordsNeeded), (orders, 4, .offsetOutOfRange),
            (TopicPartition(topic: "erp.items", partition: 0), 1, .recordsNeeded),
            (TopicPartition(topic: "kept", partition: 0), 0, .invalidConfiguration),
            (TopicPartition(topic: "__transactions.mes", partition: 0), 1, .readOnlyTopic),
            (TopicPartition(topic: "none", partition: 0), 1, .unknownTopic),
        ]
        for (partition, offset, code) in cases {
            let error = await #expect(throws: BrokerError.self) {
                try await plant.broker.admin.deleteRecords(partition, below: Offset(offset))
            }
            #expect(error?.code == code)
        }
        #expect(try await plant.broker.admin.deleteRecords(orders, below: Offset(1)) == Offset(1))
        source.expectNoFlow()
        let items = TopicPartition(topic: "erp.items", partition: 0)
        #expect(try await plant.broker.admin.deleteRecords(items, below: Offset(3)) == Offset(3))
        await plant.broker.close()
    }
}
