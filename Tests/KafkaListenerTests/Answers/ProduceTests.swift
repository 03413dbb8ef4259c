import EdgeBroker
import KafkaListener
import KafkaWire
import RecordFormat
import Testing

@Suite("A produce over the wire")
struct ProduceTests {
    private static func batch(_ records: [Record]) -> [UInt8] {
        var builder = RecordBatchBuilder()
        builder.append(contentsOf: records)
        return builder.finish()
    }

    private func produce(
        _ batch: [UInt8], _ listener: KafkaListener
    ) async throws -> Produce.Response.Topic.Partition? {
        try await listener.connect { connection in
            try await connection.call(Produce.self, version: 9, records: batch) { request in
                request.acks = -1
                request.topicData = [
                    Produce.Request.Topic {
                        $0.name = "t"
                        $0.partitionData = [
                            Produce.Request.Topic.Partition { $0.records = RecordsRange(count: batch.count) }
                        ]
                    }
                ]
            }.responses.first?.partitionResponses.first
        }
    }

    @Test(
        "tells the time that the broker gave the records, and -1 where they keep their own",
        arguments: [false, true])
    func logAppendTime(_ isBrokers: Bool) async throws {
        try await ServedBroker.with { broker, listener in
            var configuration = TopicConfiguration()
            configuration.messages.timestamps = isBrokers ? .logAppendTime : .createTime
            try await broker.admin.createTopic("t", configuration)
            let own = Timestamp(millisecondsSince1970: 5)
            let answer = try await produce(Self.batch([Record(key: nil, value: [1], timestamp: own)]), listener)
            let stored = try await broker.fetch(TopicPartition(topic: "t", partition: 0), from: .zero)
            let time = try #require(stored.records.first?.record.timestamp)
            #expect(answer?.baseOffset == 0 && (time == own) == !isBrokers)
            #expect(answer?.logAppendTimeMs == (isBrokers ? time.millisecondsSince1970 : -1))
        }
    }

    @Test("to a compacted topic is refused where a record has no key, and before it is looked into where it is large")
    func compacted() async throws {
        try await ServedBroker.with { broker, listener in
            var configuration = TopicConfiguration(cleanup: .compact)
            configuration.messages.maxBytes = 1024
            try await broker.admin.createTopic("t", configuration)
            let (keyed, keyless) = (Record(key: [1], value: [1]), Record(key: nil, value: [1]))
            let taken = try await produce(Self.batch([keyed, keyed]), listener)
            #expect(taken?.errorCode == ErrorCode.none)
            let refused = try await produce(Self.batch([keyed, keyless, keyed, keyless]), listener)
            #expect(refused?.errorCode == .invalidRecord && refused?.baseOffset == -1)
            #expect(refused?.recordErrors.map(\.batchIndex) == [1, 3])
            #expect(refused?.errorMessage?.contains("without a key") == true)
            let large = Self.batch([Record(key: nil, value: [UInt8](repeating: 7, count: 2000))])
            let tooLarge = try await produce(large, listener)
            #expect(tooLarge?.errorCode == .messageTooLarge && tooLarge?.recordErrors.isEmpty == true)
        }
    }

    @Test("names 10,000 records without a key, and none where there are more: the others would count as good")
    func manyKeyless() async throws {
        try await ServedBroker.with { broker, listener in
            try await broker.admin.createTopic("t", TopicConfiguration(cleanup: .compact))
            for count in [10_000, 10_001] {
                let many = [Record](repeating: Record(key: nil, value: [1]), count: count)
                let refused = try await produce(Self.batch(many), listener)
                #expect(refused?.errorCode == .invalidRecord)
                #expect(refused?.recordErrors.map(\.batchIndex) == (count == 10_000 ? Array(0..<10_000) : []))
            }
        }
    }
}
