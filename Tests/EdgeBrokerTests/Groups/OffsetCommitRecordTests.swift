import EdgeBroker
import RecordFormat
import Testing

@Suite("A committed offset in the log")
struct OffsetCommitRecordTests {
    private static func record(_ offset: Int64?, epoch: Int32? = nil, metadata: String = "") -> OffsetCommitRecord {
        var committed = offset.map { CommittedOffset(Offset($0), leaderEpoch: epoch, metadata: metadata) }
        committed?.time = Timestamp(millisecondsSince1970: 0x0102)
        return OffsetCommitRecord(
            group: "mes", partition: TopicPartition(topic: "a.b", partition: 7), committed: committed)
    }

    private static let key = "000100036d65730003612e6200000007"

    @Test(
        "has Kafka's bytes and comes back from them",
        arguments: [
            (record(258), "00030000000000000102ffffffff00000000000000000102"),
            (record(1, epoch: 5, metadata: "x"), "0003000000000000000100000005000178" + "0000000000000102"),
        ])
    func bytes(record: OffsetCommitRecord, hex: String) throws {
        let value = try #require(record.value)
        #expect(Self.hex(record.key) == Self.key && Self.hex(value) == hex)
        #expect(OffsetCommitRecord.decode(key: record.key, value: value) == .commit(record))
        for count in 0..<value.count {
            #expect(OffsetCommitRecord.decode(key: record.key, value: Array(value[..<count])) == .malformed)
        }
        for count in 0..<record.key.count {
            #expect(OffsetCommitRecord.decode(key: Array(record.key[..<count]), value: value) == .malformed)
        }
        #expect(OffsetCommitRecord.decode(key: record.key + [0], value: value) == .malformed)
        #expect(OffsetCommitRecord.decode(key: record.key, value: value + [0]) == .malformed)
    }

    @Test("is a tombstone without a value, and of another kind under another version")
    func others() {
        let tombstone = Self.record(nil)
        #expect(tombstone.value == nil)
        #expect(OffsetCommitRecord.decode(key: tombstone.key, value: nil) == .commit(tombstone))
        #expect(OffsetCommitRecord.decode(key: [0, 2, 0, 1, 97], value: []) == .other)
        #expect(OffsetCommitRecord.decode(key: tombstone.key, value: [0, 4]) == .other)
        #expect(OffsetCommitRecord.decode(key: nil, value: nil) == .malformed)
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
