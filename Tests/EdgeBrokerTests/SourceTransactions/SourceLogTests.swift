import EdgeBroker
import Foundation
import LogStore
import Foundation
import RecordFormat
import Testing

@Suite("A captured source")
struct SourceLogTests {
    private let items = TopicPartition(topic: "erp.items", partition: 0)
    private let lines = TopicPartition(topic: "erp.lines", partition: 0)

    private func batch(_ value: String) -> [UInt8] {
        var builder = RecordBatchBuilder()
        builder.append(key: nil, value: Array(value.utf8), headers: [], timestamp: Timestamp(millisecondsSince1970: 1))
        return builder.finish()
    }

    private func append(_ record: TransactionIndexRecord, to source: SourceLog) async throws {
        let result: Result<Void, BrokerError> = await withCheckedContinuation { continuation in
            do throws(BrokerError) {
                try source.appendIndex(record) { continuation.resume(returning: $0) }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        try result.get()
    }

    private func range(_ name: TopicPartition, _ offsets: Range<Offset>) -> TopicRange {
        TopicRange(topic: name.topic, partition: 0, start: offsets.lowerBound, end: offsets.upperBound)
    }

    private func commit(_ number: UInt64, _ ranges: [TopicRange]) -> TransactionIndexRecord {
        .commit(
            CommitRecord(
                commitLSN: LSN(number), endLSN: LSN(number + 8), transactionID: UInt32(number), commitTime: 1,
                ranges: ranges))
    }

    @Test("shows rows of two topics with their index record, and its position is the last record's end")
    func commits() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var broker = try await plant.open()
        var source = try await SourceLog.open(broker, slot: "mes")
        try await source.createTopic(items.topic)
        try await source.createTopic(lines.topic)
        #expect(try await source.begin() == SourceState())
        let intent = SourceIntent(slot: "mes", systemID: "1", timeline: 1)
        try await append(.intent(intent), to: source)
        let first = try source.appendRows(batch("item"), to: items.topic)
        let second = try source.appendRows(batch("line"), to: lines.topic)
        #expect(try await broker.fetch(items, from: .zero).records.isEmpty)
        try await append(commit(100, [range(items, first), range(lines, second)]), to: source)
        #expect(try await broker.fetch(items, from: .zero).values == ["item"])
        #expect(try await broker.fetch(lines, from: .zero).values == ["line"])
        #expect(source.unsyncedBytes == 0)
        // A transaction that the end of the process leaves half: its rows are there, its index record is not.
        _ = try source.appendRows(batch("half"), to: items.topic)
        await broker.close()

        broker = try await plant.open()
        #expect(try broker.admin.describe(items.topic).partitions[0].logEnd == Offset(1))
        source = try await SourceLog.open(broker, slot: "mes")
        let state = try await source.begin()
        #expect(state.position == LSN(108) && state.intent == intent)
        let again = try source.appendRows(batch("whole"), to: items.topic)
        #expect(again == Offset(1)..<Offset(2))
        try await append(commit(200, [range(items, again)]), to: source)
        #expect(try await broker.fetch(items, from: .zero).values == ["item", "whole"])
        await broker.close()
    }

    @Test("does not go on, and cuts nothing, when the record that covers its last rows is damaged")
    func damagedIndex() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var broker = try await plant.open()
        var source = try await SourceLog.open(broker, slot: "mes")
        try await source.createTopic(items.topic)
        _ = try await source.begin()
        for number in 1...2 {
            let rows = try source.appendRows(batch("item \(number)"), to: items.topic)
            try await append(commit(UInt64(100 * number), [range(items, rows)]), to: source)
        }
        await broker.close()
        let index = URL(filePath: plant.path + "/__transactions.mes-0/00000000000000000000.log")
        var bytes = try Data(contentsOf: index)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: index)

        broker = try await plant.open()
        source = try await SourceLog.open(broker, slot: "mes")
        let error = await #expect(throws: BrokerError.self) { try await source.begin() }
        #expect(error?.code == .corrupt)
        #expect(try broker.admin.describe(items.topic).partitions[0].logEnd == Offset(2))
        #expect(try await broker.fetch(items, from: .zero).values == ["item 1"])
        await broker.close()
    }

    @Test("cuts what a session left unfinished when the next begins")
    func begins() async throws {
        try await TemporaryBroker.with { broker in
            let source = try await SourceLog.open(broker, slot: "mes")
            try await source.createTopic(items.topic)
            for round in 0..<3 {
                _ = try await source.begin()
                for _ in 0..<5 { _ = try source.appendRows(batch("never seen \(round)"), to: items.topic) }
            }
            _ = try await source.begin()
            let range = try source.appendRows(batch("seen"), to: items.topic)
            #expect(range.lowerBound == .zero)
            try await append(commit(1, [self.range(items, range)]), to: source)
            #expect(try await broker.fetch(items, from: .zero).values == ["seen"])
        }
    }

    @Test("with a damaged batch before a cut cannot go on, and everything else is served")
    func damaged() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var broker = try await plant.open()
        var source = try await SourceLog.open(broker, slot: "mes")
        try await source.createTopic(items.topic)
        for (number, value) in ["a", "b"].enumerated() {
            let rows = try source.appendRows(batch(value), to: items.topic)
            try await append(commit(UInt64(number), [range(items, rows)]), to: source)
        }
        _ = try source.appendRows(batch("half"), to: items.topic)
        await broker.close()
        let file = try FileHandle(
            forUpdating: URL(fileURLWithPath: plant.path + "/erp.items-0/00000000000000000000.log"))
        try file.seek(toOffset: 65)
        try file.write(contentsOf: [0xFF])
        try file.close()

        broker = try await plant.open()
        source = try await SourceLog.open(broker, slot: "mes")
        let refused = await #expect(throws: BrokerError.self) { _ = try await source.begin() }
        #expect(refused?.code == .corrupt)
        let damaged = await #expect(throws: BrokerError.self) { _ = try await broker.fetch(items, from: .zero) }
        #expect(damaged?.nextReadable == Offset(1))
        #expect(try await broker.fetch(items, from: Offset(1)).values == ["b"])
        await broker.close()
    }

    @Test("with an index record that does not decode cannot go on, and the broker opens all the same")
    func undecodable() async throws {
        let plant = TemporaryBroker()
        defer { plant.remove() }
        var broker = try await plant.open()
        _ = try await SourceLog.open(broker, slot: "mes")
        let index = try #require(
            broker.directory.partition(TopicPartition(topic: "__transactions.mes", partition: 0)))
        var builder = RecordBatchBuilder()
        builder.append(key: nil, value: [1, 5, 0], headers: [], timestamp: Timestamp(millisecondsSince1970: 1))
        try broker.directory.stage(Append([Append.Batch(builder.finish(), to: index)]) { _ in })
        await broker.close()
        broker = try await plant.open()
        let source = try await SourceLog.open(broker, slot: "mes")
        let refused = await #expect(throws: BrokerError.self) { _ = try await source.begin() }
        #expect(refused?.code == .corrupt)
        await broker.close()
    }

    @Test("says when there is room again")
    func room() async throws {
        try await TemporaryBroker.with { broker in
            let source = try await SourceLog.open(broker, slot: "mes")
            try await source.createTopic(items.topic)
            let (rooms, room) = AsyncStream.makeStream(of: Void.self)
            let size = batch("row").count
            source.onRoom(below: size) { room.yield() }
            _ = try source.appendRows(batch("row"), to: items.topic)
            for await _ in rooms { break }
            #expect(source.unsyncedBytes < size)
        }
    }

    @Test("remembers relations and whether its snapshot is whole")
    func remembers() async throws {
        try await TemporaryBroker.with { broker in
            let source = try await SourceLog.open(broker, slot: "mes")
            try await append(.snapshotBegin(id: 7, topics: [items.topic], consistentPoint: LSN(5)), to: source)
            try await append(.relation(topic: items.topic, description: [1]), to: source)
            try await append(.relation(topic: items.topic, description: [2]), to: source)
            #expect(try await source.begin().snapshot == .unfinished(id: 7))
            try await append(.snapshotEnd(id: 7, consistentPoint: LSN(5)), to: source)
            let state = try await source.begin()
            #expect(state.snapshot == .finished && state.position == LSN(5) && state.relations == [items.topic: [2]])
        }
    }
}
