import RecordFormat
import Testing

@Suite("A batch that a compaction leaves")
struct CompactedBatchesTests {
    private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(millisecondsSince1970: milliseconds) }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// Three records at offsets 4711…4713, of producer 7.
    private func batch(attributes: Int16 = 0) -> RawBatch {
        var batch = RawBatch(
            RecordBatchBuilder.batch(of: [
                Record(key: [1], value: [10], headers: [RecordHeader(key: "h", value: [9])], timestamp: time(1000)),
                Record(key: [2], value: nil, timestamp: time(5000)), Record(key: [3], value: [], timestamp: time(900)),
            ]))
        batch.set(0, Int64(4711))
        batch.set(12, Int32(5))
        batch.set(21, attributes)
        batch.set(43, Int64(7))
        batch.set(51, Int16(2))
        batch.set(53, Int32(60))
        batch.seal()
        return batch
    }

    @Test("says of an empty span its offsets and its epoch, in these bytes")
    func empty() throws {
        let bytes = RecordBatchHeader.empty(Offset(0x10)..<Offset(0x30), leaderEpoch: 3)
        #expect(
            hex(bytes)
                == "000000000000001000000031" + "00000003" + "02" + "c1080228" + "0000" + "0000001f"
                + "ffffffffffffffffffffffffffffffff" + "ffffffffffffffff" + "ffff" + "ffffffff" + "00000000")
        let header = try bytes.withUnsafeBytes { try RecordBatchHeader.validate($0) }
        #expect(header.nextOffset == Offset(0x30))
        #expect(try bytes.withUnsafeBytes { try decodeRecords($0) } == [])
        let longest = RecordBatchHeader.empty(Offset(0)..<Offset(Int64(Int32.max)), leaderEpoch: 0)
        #expect(
            try longest.withUnsafeBytes { try RecordBatchHeader.validate($0) }.nextOffset == Offset(Int64(Int32.max)))
    }

    @Test("has lost its records, its codec and its horizon, and nothing else that its producer needs")
    func emptied() throws {
        let original = try batch(attributes: 1 << 3 | 1 << 4 | 1 << 6 | 4).header()
        let bytes = original.emptied()
        #expect(bytes.count == RecordBatchHeader.encodedSize)
        let header = try bytes.withUnsafeBytes { try RecordBatchHeader.validate($0) }
        #expect(header.attributes.rawValue == 1 << 3 | 1 << 4)
        #expect(header.recordCount == 0 && header.baseOffset == original.baseOffset)
        #expect(header.lastOffsetDelta == 2 && header.partitionLeaderEpoch == 5)
        #expect(header.producerID == 7 && header.producerEpoch == 2 && header.baseSequence == 60)
        #expect(header.maxTimestamp == original.maxTimestamp)
    }

    @Test(
        "has some of its records at their offsets, with their times, with and without a horizon",
        arguments: [nil, 9_000_000])
    func keeping(horizon: Int64?) throws {
        let original = batch()
        let kept = try original.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
            var decoder = RecordDecoder()
            return try decoder.withRecords(of: bytes) { cursor throws(RecordFormatError) in
                let first = try cursor.next()
                _ = try cursor.next()
                return cursor.header.keeping(
                    [first, try cursor.next()].compactMap(\.self), deleteHorizon: horizon.map(time))
            }
        }
        let header = try kept.withUnsafeBytes { try RecordBatchHeader.validate($0) }
        let records = try kept.withUnsafeBytes { try decodeRecords($0) }
        #expect(
            records == (try original.bytes.withUnsafeBytes { try decodeRecords($0) }).filter { $0.record.key != [2] })
        #expect(header.recordCount == 2 && header.lastOffsetDelta == 2 && header.maxTimestamp == time(1000))
        #expect(header.attributes.hasDeleteHorizon == (horizon != nil))
        #expect(header.baseTimestamp == time(horizon ?? 1000))
        #expect(header.producerID == 7 && header.producerEpoch == 2 && header.baseSequence == 60)
    }

    @Test("with append time keeps it for every record")
    func appendTime() throws {
        let original = batch(attributes: 1 << 3)
        let kept = try original.bytes.withUnsafeBytes { bytes throws(RecordFormatError) in
            var decoder = RecordDecoder()
            return try decoder.withRecords(of: bytes) { cursor throws(RecordFormatError) in
                let record = try cursor.next()
                return cursor.header.keeping([record].compactMap(\.self), deleteHorizon: time(1))
            }
        }
        let records = try kept.withUnsafeBytes { try decodeRecords($0) }
        #expect(records.map(\.record.timestamp) == [time(5000)])
    }
}
