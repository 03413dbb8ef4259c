import EdgeBroker
import KafkaListener
import KafkaWire
import RecordFormat
import Testing

@Suite("Offsets over the wire")
struct OffsetsTests {
    private let name = TopicPartition(topic: "t", partition: 0)

    private func list(
        _ timestamp: Int64, _ listener: KafkaListener
    ) async throws -> ListOffsets.Response.Topic.Partition? {
        try await listener.connect { connection in
            try await connection.call(ListOffsets.self) { request in
                request.topics = [
                    ListOffsets.Request.Topic {
                        $0.name = "t"
                        $0.partitions = [ListOffsets.Request.Topic.Partition { $0.timestamp = timestamp }]
                    }
                ]
            }.topics.first?.partitions.first
        }
    }

    private func end(ofEpoch epoch: Int32, _ listener: KafkaListener) async throws -> (epoch: Int32, offset: Int64)? {
        let found = try await listener.connect { connection in
            try await connection.call(OffsetForLeaderEpoch.self) { request in
                request.topics = [
                    OffsetForLeaderEpoch.Request.Topic {
                        $0.topic = "t"
                        $0.partitions = [OffsetForLeaderEpoch.Request.Topic.Partition { $0.leaderEpoch = epoch }]
                    }
                ]
            }.topics.first?.partitions.first
        }
        return found.map { ($0.leaderEpoch, $0.endOffset) }
    }

    @Test(
        "of the largest time are found where records have times, and where they have none",
        arguments: [-1, 0, 7, .max] as [Int64])
    func largestTimestamp(_ largest: Int64) async throws {
        try await ServedBroker.with { broker, listener in
            try await broker.admin.createTopic("t", TopicConfiguration())
            var builder = RecordBatchBuilder()
            for time in [-1, largest, -1] {
                builder.append(key: nil, value: [1], timestamp: Timestamp(millisecondsSince1970: time))
            }
            _ = try await broker.append(batch: builder.finish(), to: name)
            let found = try await list(-3, listener)
            #expect(found?.errorCode == ErrorCode.none && found?.timestamp == largest)
            #expect(found?.offset == (largest == -1 ? 0 : 1))
        }
    }

    @Test("of the present leader epoch end with the log, though nothing was written in it, or nothing is left")
    func presentEpoch() async throws {
        let served = ServedBroker()
        defer { served.remove() }
        try await served.run { broker, listener in
            try await broker.admin.createTopic("t", TopicConfiguration())
            let present = try await list(-1, listener)?.leaderEpoch ?? -1
            let empty = try await end(ofEpoch: present, listener)
            #expect(empty?.epoch == present && empty?.offset == 0)
            for _ in 0..<3 { _ = try await broker.append([Record(key: nil, value: [1])], to: name) }
            let written = try await end(ofEpoch: present, listener)
            #expect(written?.epoch == present && written?.offset == 3)
            let later = try await end(ofEpoch: present + 1, listener)
            #expect(later?.epoch == -1 && later?.offset == -1)
        }
    }
}
