import CaptureAgent
import EdgeBroker
import RecordFormat
import Testing

@Suite("Rows on their way into batches")
struct RowBatchesTests {
    private static func record(_ size: Int) -> Record {
        Record(key: nil, value: [UInt8](repeating: 7, count: size), timestamp: Timestamp(millisecondsSince1970: 0))
    }

    private static func counts(_ batches: [RowBatches.Batch]) throws -> [String] {
        try batches.map { batch in
            let records = try batch.bytes.withUnsafeBytes { try decodeRecords($0) }
            return "\(batch.topic) \(records.count)"
        }
    }

    @Test("make a batch of 1,000")
    func countsRecords() throws {
        var batches = RowBatches()
        var full: [RowBatches.Batch] = []
        for _ in 0..<2500 { full += try batches.append(Self.record(10), to: "a") }
        #expect(try Self.counts(full + batches.finish()) == ["a 1000", "a 1000", "a 500"])
        #expect(batches.isEmpty && batches.finish().isEmpty)
    }

    @Test("make no batch above 1 MiB, unless one row is larger")
    func limitsBytes() throws {
        var batches = RowBatches()
        var full: [RowBatches.Batch] = []
        for size in [600_000, 600_000, 3_000_000, 10] { full += try batches.append(Self.record(size), to: "a") }
        #expect(try Self.counts(full + batches.finish()) == ["a 1", "a 1", "a 1", "a 1"])
    }

    @Test("stay apart by topic, in the order in which topics came")
    func separatesTopics() throws {
        var batches = RowBatches()
        for topic in ["b", "a", "b"] { #expect(try batches.append(Self.record(1), to: topic).isEmpty) }
        #expect(try Self.counts(batches.finish()) == ["b 2", "a 1"])
    }

    @Test("of very many topics are never more than 8 MiB in memory")
    func limitsMemory() throws {
        var batches = RowBatches()
        var held = 0
        var largest = 0
        for topic in 0..<100 {
            held += 500_000
            for batch in try batches.append(Self.record(500_000), to: "\(topic)") { held -= batch.bytes.count }
            largest = max(largest, held)
        }
        #expect(largest < 9 << 20)
    }
}

@Suite("The ranges of an index record")
struct RangeListTests {
    @Test("are one per topic where rows follow each other")
    func merges() {
        var list = RangeList()
        list.append(Offset(0)..<Offset(5), of: "a")
        list.append(Offset(7)..<Offset(8), of: "b")
        list.append(Offset(5)..<Offset(9), of: "a")
        list.append(Offset(12)..<Offset(13), of: "a")
        #expect(
            list.take() == [
                TopicRange(topic: "a", partition: 0, start: Offset(0), end: Offset(9)),
                TopicRange(topic: "b", partition: 0, start: Offset(7), end: Offset(8)),
                TopicRange(topic: "a", partition: 0, start: Offset(12), end: Offset(13)),
            ])
        #expect(list.isEmpty && list.take().isEmpty)
        list.append(Offset(13)..<Offset(14), of: "a")
        #expect(list.ranges.count == 1)
    }
}
