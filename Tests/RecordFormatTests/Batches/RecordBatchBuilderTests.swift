import RecordFormat
import Testing

@Suite("A record batch builder")
struct RecordBatchBuilderTests {
    @Test("gives back the records that were appended, numbered from the base offset")
    func roundTrip() throws {
        let records = [
            Record(key: nil, value: nil, timestamp: Timestamp(millisecondsSince1970: 1_700_000_000_000)),
            Record(key: [], value: [], timestamp: Timestamp(millisecondsSince1970: 1_600_000_000_000)),
            Record(
                key: Array("WO-4711".utf8), value: Bytes.random(count: 70_000, seed: 3),
                headers: [RecordHeader(key: "작업", value: nil), RecordHeader(key: "", value: [])],
                timestamp: Timestamp(millisecondsSince1970: .min)),
            Record(key: [0], value: [1], timestamp: Timestamp(millisecondsSince1970: .max)),
        ]
        var builder = RecordBatchBuilder()
        for record in records { builder.append(record) }
        let size = builder.byteCount
        var batch = builder.finish()
        #expect(batch.count == size)
        batch.withUnsafeMutableBytes { RecordBatchHeader.stamp(baseOffset: Offset(4711), leaderEpoch: 7, into: $0) }
        let stored = try batch.withUnsafeBytes { try decodeRecords($0) }
        #expect(stored.map(\.record) == records)
        #expect(stored.map(\.offset) == (4711..<4715).map(Offset.init))
    }
}
