import EdgeBroker
import RecordFormat
import Testing

@Suite("Committed offsets")
struct OffsetCommitsTests {
    private let first = TopicPartition(topic: "orders", partition: 0)
    private let second = TopicPartition(topic: "orders", partition: 1)

    @Test("are there after a restart, the newest of each partition, for each group its own")
    func survive() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var broker = try await plant.open()
        try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
        #expect(broker.committedOffsets(of: "mes").isEmpty && broker.groupsWithOffsets.isEmpty)
        try await broker.commitOffsets(
            group: "mes", [first: CommittedOffset(Offset(1)), second: CommittedOffset(Offset(9))])
        try await broker.commitOffsets(group: "other", [first: CommittedOffset(Offset(5))])
        try await broker.commitOffsets(
            group: "mes", [first: CommittedOffset(Offset(2), leaderEpoch: 3, metadata: "half")])
        func check(_ broker: Broker) {
            let mes = broker.committedOffsets(of: "mes")
            #expect(mes[first]?.offset == Offset(2) && mes[first]?.leaderEpoch == 3 && mes[first]?.metadata == "half")
            #expect(mes[first]?.time != nil && mes[second]?.offset == Offset(9) && mes.count == 2)
            #expect(broker.committedOffsets(of: "other").mapValues(\.offset) == [first: Offset(5)])
            #expect(broker.groupsWithOffsets == ["mes", "other"])
        }
        check(broker)
        await broker.close()
        broker = try await plant.open()
        check(broker)
        await broker.close()
    }

    @Test("of many committers at once are all kept")
    func concurrent() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        try? await broker.commitOffsets(
                            group: "g\(number)", [first: CommittedOffset(Offset(Int64(number)))])
                    }
                }
            }
            for number in 0..<50 {
                #expect(broker.committedOffsets(of: "g\(number)")[first]?.offset == Offset(Int64(number)))
            }
            #expect(try broker.admin.describe("__consumer_offsets").partitions.map(\.logEnd) == [Offset(50)])
        }
    }

    @Test("are refused whole for a partition, group, offset or note that cannot be")
    func refused() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
            let good = CommittedOffset(Offset(1))
            let cases: [(String, TopicPartition, CommittedOffset, BrokerError.Code)] = [
                ("mes", TopicPartition(topic: "orders", partition: 2), good, .unknownTopic),
                ("mes", TopicPartition(topic: "none", partition: 0), good, .unknownTopic),
                ("", second, good, .invalidGroup), ("a\nb", second, good, .invalidGroup),
                (String(repeating: "g", count: 250), second, good, .invalidGroup),
                ("mes", second, CommittedOffset(Offset(-1)), .offsetOutOfRange),
                ("mes", second, CommittedOffset(.zero, metadata: String(repeating: "m", count: 4097)), .tooLarge),
            ]
            for (group, partition, offset, code) in cases {
                let error = await #expect(throws: BrokerError.self) {
                    try await broker.commitOffsets(group: group, [first: good, partition: offset])
                }
                #expect(error?.code == code)
            }
            #expect(broker.groupsWithOffsets.isEmpty)
        }
    }
}
