import RecordFormat
import Testing

@Suite("A batch that gets the broker's time")
struct AppendTimeTests {
    @Test("has it in every record and a CRC that fits, whatever its size", arguments: [1, 2, 100, 5000])
    func stamps(count: Int) throws {
        var batch = Self.batch(count)
        let time = Timestamp(millisecondsSince1970: 1_700_000_000_123)
        batch.withUnsafeMutableBytes { RecordBatchHeader.stamp(appendTime: time, into: $0) }
        try batch.withUnsafeBytes { bytes in
            let header = try RecordBatchHeader.validate(bytes)
            #expect(header.attributes.timestampType == .logAppendTime && header.maxTimestamp == time)
            #expect(header.baseTimestamp == Timestamp(millisecondsSince1970: 7))
            let records = try decodeRecords(bytes)
            #expect(records.count == count && records.allSatisfy { $0.record.timestamp == time })
        }
        let once = batch
        batch.withUnsafeMutableBytes { RecordBatchHeader.stamp(appendTime: time, into: $0) }
        #expect(batch == once)
    }

    @Test("stays damaged if it was damaged")
    func damaged() {
        var batch = Self.batch(10)
        batch[batch.count - 1] ^= 1
        batch.withUnsafeMutableBytes {
            RecordBatchHeader.stamp(appendTime: Timestamp(millisecondsSince1970: 9), into: $0)
        }
        #expect(throws: RecordFormatError.self) { try batch.withUnsafeBytes { try RecordBatchHeader.validate($0) } }
    }

    private static func batch(_ count: Int) -> [UInt8] {
        var builder = RecordBatchBuilder()
        for number in 0..<count {
            builder.append(
                key: nil, value: [UInt8(truncatingIfNeeded: number)], headers: [],
                timestamp: Timestamp(millisecondsSince1970: 7 + Int64(number)))
        }
        return builder.finish()
    }
}
