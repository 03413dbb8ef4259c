import RecordFormat
import Testing

@Suite("A record batch builder")
struct RecordBatchBuilderTests {
    private static let noon = Timestamp(millisecondsSince1970: 1_700_000_000_000)

    @Test(
        "gives back any records that were appended, numbered from the base offset", arguments: 0..<50 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let records = (0..<Int.random(in: 1...200, using: &generator)).map { _ in Record.random(using: &generator) }
        var batch = RecordBatchBuilder.batch(of: records)
        batch.withUnsafeMutableBytes { RecordBatchHeader.stamp(baseOffset: Offset(4711), leaderEpoch: 7, into: $0) }
        let stored = try RawBatch(batch).decoded()
        #expect(stored.map(\.record) == records)
        #expect(stored.map(\.offset) == records.indices.map { Offset(4711 + Int64($0)) })
    }

    @Test("makes the same batch of many records at once as of one after another", arguments: [0, 1, 7, 300])
    func manyAtOnce(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let first = Record.random(using: &generator)
        let many = (0..<count).map { _ in Record.random(using: &generator) }
        var builder = RecordBatchBuilder()
        builder.append(contentsOf: many)
        builder.append(first)
        builder.append(contentsOf: many)
        #expect(builder.finish() == RecordBatchBuilder.batch(of: many + [first] + many))
    }

    @Test("makes room again where later records are larger, and refuses what exceeds the limit")
    func limit() {
        let sizes = [1, 1, 3_000_000, 2, 5000, 1]
        let records = sizes.map { Record(key: nil, value: [UInt8](repeating: 7, count: $0), timestamp: Self.noon) }
        let whole = RecordBatchBuilder.batch(of: records)
        for (limit, fits) in [(whole.count - 1, false), (whole.count + 100, true)] {
            var builder = RecordBatchBuilder()
            #expect(builder.append(contentsOf: records, upTo: limit) == fits)
            if fits { #expect(builder.finish() == whole) }
        }
    }

    @Test("keeps timestamps at the ends of their range in one batch")
    func extremeTimestamps() throws {
        let times = [.max, .min, 0, -1, .max].map(Timestamp.init(millisecondsSince1970:))
        let batch = RawBatch(RecordBatchBuilder.batch(of: times.map { Record(key: nil, value: nil, timestamp: $0) }))
        #expect(try batch.decoded().map(\.record.timestamp) == times)
        #expect(try batch.header().maxTimestamp.millisecondsSince1970 == .max)
    }

    @Test("tells before the end how large the batch will be, and is empty after it")
    func sizes() throws {
        var builder = RecordBatchBuilder()
        #expect(builder.isEmpty)
        #expect(builder.byteCount == 61)
        for size in [0, 1, 63, 64, 10_000, 3] {
            builder.append(key: nil, value: [UInt8](repeating: 7, count: size), timestamp: Self.noon)
            builder.append(key: [1], value: nil, timestamp: Self.noon)
            let expected = builder.byteCount
            #expect(builder.count == 2)
            #expect(builder.finish().count == expected)
            #expect(builder.isEmpty)
            #expect(builder.byteCount == 61)
        }
    }

    @Test("makes the same batch whatever it built before")
    func reuse() {
        let small = Record(key: [1], value: [2], timestamp: Self.noon)
        let large = Record(
            key: nil, value: [UInt8](repeating: 3, count: 50_000), timestamp: Timestamp(millisecondsSince1970: .max))
        var builder = RecordBatchBuilder()
        builder.append(small)
        let fresh = builder.finish()
        builder.append(large)
        builder.append(small)
        _ = builder.finish()
        builder.append(small)
        let again = builder.finish()
        #expect(again == fresh)
        // What waits to be written must not hold on to the memory of the largest batch there ever was.
        #expect(again.capacity < 2000)
    }

    @Test("that was copied goes on apart from its copy")
    func copies() throws {
        var builder = RecordBatchBuilder()
        builder.append(key: nil, value: [1], timestamp: Self.noon)
        var copy = builder
        builder.append(key: nil, value: [2], timestamp: Self.noon)
        copy.append(key: nil, value: [3], timestamp: Self.noon)
        #expect(try RawBatch(builder.finish()).decoded().map(\.record.value) == [[1], [2]])
        #expect(try RawBatch(copy.finish()).decoded().map(\.record.value) == [[1], [3]])
    }

    @Test("adds no more than a record's size bound")
    func sizeBound() {
        var generator = SeededGenerator(seed: 9)
        var builder = RecordBatchBuilder()
        for _ in 0..<500 {
            let record = Record.random(using: &generator)
            let before = builder.byteCount
            builder.append(record)
            #expect(builder.byteCount - before <= RecordBatchBuilder.sizeBound(of: record))
        }
    }
}
