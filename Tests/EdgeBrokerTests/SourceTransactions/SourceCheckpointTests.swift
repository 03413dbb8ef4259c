import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("The checkpoints of a transaction index")
struct SourceCheckpointTests {
    private let items = TopicPartition(topic: "erp.items", partition: 0)
    private let lines = TopicPartition(topic: "erp.lines", partition: 0)
    private let index = TopicPartition(topic: "__transactions.mes", partition: 0)

    /// A source with an intent, a snapshot, relations and `count` transactions, more of them in items than in lines.
    private func plant(_ count: Int, checkpointBytes: Int = 1024) throws -> (SimulatedBroker, SourceLog) {
        let plant = try SimulatedBroker(checkpointBytes: checkpointBytes)
        let source = try plant.broker.sourceNow(slot: "mes")
        for topic in [items.topic, lines.topic] { try source.createTopicNow(topic) }
        _ = try source.beginNow()
        try plant.index(.intent(SourceIntent(slot: "mes", systemID: "7", timeline: 1)), source)
        try plant.index(.snapshotBegin(id: 3, topics: [items.topic], consistentPoint: LSN(1)), source)
        try plant.index(.relation(topic: items.topic, description: [1, 2, 3]), source)
        try plant.index(.snapshotEnd(id: 3, consistentPoint: LSN(1)), source)
        for number in 0..<count {
            try plant.transaction(
                UInt64(100 + number), number == 0 ? [items.topic, lines.topic] : [items.topic], source)
        }
        return (plant, source)
    }

    @Test("come after so many bytes of index, and each says all that was before it")
    func written() async throws {
        let (plant, source) = try plant(60)
        let records = try await plant.indexRecords()
        let checkpoints = records.filter(\.record.isCheckpoint)
        #expect(checkpoints.count >= 2)
        var between = 0
        var state = SourceState()
        for (_, record) in records {
            switch record {
            case .checkpoint(let checkpoint):
                #expect(checkpoint.state == state && checkpoint.ends[lines] == Offset(1))
                #expect((1024..<2048).contains(between))
                between = 0
            case .intent(let intent): state.intent = intent
            case .snapshotEnd(_, let point): (state.snapshot, state.position) = (.finished, point)
            case .relation(let topic, let description): state.relations[topic] = description
            case .commit(let commit): state.position = commit.endLSN
            default: break
            }
            between += record.isCheckpoint ? 0 : record.encoded.count
        }
        #expect(try source.beginNow() == state)
        await plant.broker.close()
    }

    @Test(
        "spare a start everything before the last one: damage there does not stop the source, and nothing is forgotten")
    func spare() async throws {
        let (plant, source) = try plant(60)
        let state = try source.beginNow()
        try await plant.reopen()
        let first = try #require(plant.directory.retainedSegments(of: plant.partition(index)).first)
        #expect(plant.directory.retainedSegments(of: try plant.partition(index)).count > 2)
        await plant.broker.close()
        let path = "/data/\(index)/00000000000000000000.log"
        _ = try [UInt8](repeating: 0xFF, count: 8).withUnsafeBytes { bytes in
            try plant.disk.open(path, .readWrite).write(bytes, at: Int(first.bytes) - 20)
        }
        try await plant.reopen()
        let reopened = try plant.broker.sourceNow(slot: "mes")
        #expect(try reopened.beginNow() == state)
        // Topics of which only the checkpoint tells keep their rows.
        #expect(try await plant.broker.fetch(lines, from: .zero).records.count == 1)
        #expect(try plant.partition(items).syncedEnd == Offset(60))
        await plant.broker.close()
    }

    @Test("are not believed when rows that they cover are not there")
    func uncovered() async throws {
        let (plant, source) = try plant(60)
        let state = try source.beginNow()
        let end = try plant.partition(index).syncedEnd
        var lie = SourceCheckpoint(state: state, ends: [items: Offset(61)])
        lie.state.position = LSN(9999)
        try plant.append(TransactionIndexRecord.checkpoint(lie).encoded, to: index)
        try plant.kill()
        #expect(try plant.broker.sourceNow(slot: "mes").beginNow() == state)
        #expect(try plant.partition(index).syncedEnd == end)
        await plant.broker.close()
    }

    @Test("are not written between a relation and its rows", arguments: [false, true])
    func boundary(closes: Bool) async throws {
        let (plant, source) = try plant(1, checkpointBytes: 1024)
        try plant.index(.relation(topic: items.topic, description: Array(repeating: 1, count: 2000)), source)
        if closes {
            try await plant.reopen()
            #expect(try await plant.indexRecords().allSatisfy { !$0.record.isCheckpoint })
        } else {
            try plant.index(.relation(topic: lines.topic, description: [1]), source)
            #expect(try await plant.indexRecords().allSatisfy { !$0.record.isCheckpoint })
            try plant.transaction(200, [items.topic], source)
            #expect(try await plant.indexRecords().last?.record.isCheckpoint == true)
        }
        await plant.broker.close()
    }

    @Test("come at a clean stop, but not for a few records", arguments: [(64 << 10, false), (4 << 10, true)])
    func cleanStop(checkpointBytes: Int, comes: Bool) async throws {
        let (plant, _) = try plant(8, checkpointBytes: checkpointBytes)
        #expect(try await plant.indexRecords().allSatisfy { !$0.record.isCheckpoint })
        for _ in 0..<2 { try await plant.reopen() }
        #expect(try await plant.indexRecords().filter(\.record.isCheckpoint).count == (comes ? 1 : 0))
        #expect(try await plant.indexRecords().last?.record.isCheckpoint == comes)
        await plant.broker.close()
    }

    @Test("that are long because of many topics are seldom")
    func long() async throws {
        let plant = try SimulatedBroker(segmentBytes: 1 << 20, checkpointBytes: 1024)
        let source = try plant.broker.sourceNow(slot: "mes")
        try source.createTopicNow(items.topic)
        try plant.index(.relation(topic: items.topic, description: Array(repeating: 1, count: 2000)), source)
        for number in 0..<400 { try plant.transaction(UInt64(number), [items.topic], source) }
        let records = try await plant.indexRecords().map(\.record)
        let bytes = records.reduce(0) { $0 + $1.encoded.count }
        let checkpoints = records.filter(\.isCheckpoint).reduce(0) { $0 + $1.encoded.count }
        #expect(checkpoints > 2000 && checkpoints * 5 < bytes)
        await plant.broker.close()
    }
}
