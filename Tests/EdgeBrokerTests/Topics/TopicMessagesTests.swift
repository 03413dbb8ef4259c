import EdgeBroker
import RecordFormat
import Testing

@Suite("A topic's messages")
struct TopicMessagesTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)

    @Test("are refused when a batch is larger than the topic takes, however it comes", arguments: [true, false])
    func tooLarge(encoded: Bool) async throws {
        try await TemporaryBroker.with { broker in
            var configuration = TopicConfiguration()
            configuration.messages.maxBytes = 2048
            try await broker.admin.createTopic("orders", configuration)
            func append(_ size: Int) async throws {
                let records = [record(String(repeating: "v", count: size))]
                if !encoded { return _ = try await broker.append(records, to: orders) }
                var builder = RecordBatchBuilder()
                builder.append(contentsOf: records)
                _ = try await broker.append(batch: builder.finish(), to: orders)
            }
            // 61 bytes of header and 9 of the record.
            try await append(1978)
            let error = await #expect(throws: BrokerError.self) { try await append(1979) }
            #expect(error?.code == .tooLarge)
            try await broker.admin.alterTopic("orders", [.reset(key: "max.message.bytes")])
            try await append(1_000_000)
            #expect(try broker.admin.describe("orders").partitions[0].logEnd == Offset(2))
        }
    }

    @Test("carry the broker's time where the topic says so, and the producer's otherwise")
    func appendTime() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders")
            try await broker.append([record("a"), record("b")], to: orders)
            try await broker.admin.alterTopic(
                "orders", [.set(key: "message.timestamp.type", value: "LogAppendTime")])
            try await broker.append([record("c"), record("d")], to: orders)
            let times = try await broker.fetch(orders, from: .zero).records.map(\.record.timestamp)
            #expect(times[0] == record("a").timestamp && times[1] == times[0])
            #expect(times[2] > times[0] && times[3] == times[2])
        }
    }
}
