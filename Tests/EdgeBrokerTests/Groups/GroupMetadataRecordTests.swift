import EdgeBroker
import RecordFormat
import Testing

@Suite("A consumer group in the log")
struct GroupMetadataRecordTests {
    private static let stable = GroupMetadataRecord(
        group: "mes",
        metadata: GroupMetadata(
            protocolType: "consumer", generation: 3, protocolName: "range", leader: "m-1",
            time: Timestamp(millisecondsSince1970: 258),
            members: [
                GroupMetadata.Member(
                    memberID: "m-1", instanceID: nil, clientID: "c", clientHost: "/127.0.0.1",
                    rebalanceTimeout: 300_000,
                    sessionTimeout: 45_000, subscription: [1, 2], assignment: [3]),
                GroupMetadata.Member(
                    memberID: "s-2", instanceID: "s", clientID: "", clientHost: "h", rebalanceTimeout: -1,
                    sessionTimeout: 6000, subscription: [], assignment: []),
            ]))
    private static let empty = GroupMetadataRecord(
        group: "mes",
        metadata: GroupMetadata(protocolType: "consumer", generation: 4, protocolName: nil, leader: nil, members: []))

    private static let key = "000200036d6573"
    private static let stableValue =
        "00030008636f6e73756d657200000003000572616e676500036d2d310000000000000102"
        + "00000002" + "00036d2d31ffff000163000a2f3132372e302e302e31000493e00000afc8" + "000000020102" + "0000000103"
        + "0003732d320001730000000168ffffffff00001770" + "00000000" + "00000000"
    private static let emptyValue = "00030008636f6e73756d657200000004ffffffffffffffffffffffff00000000"

    @Test("has Kafka's bytes and comes back from them", arguments: [(stable, stableValue), (empty, emptyValue)])
    func bytes(record: GroupMetadataRecord, hex: String) throws {
        let value = try #require(record.value)
        #expect(Self.hex(record.key) == Self.key && Self.hex(value) == hex)
        #expect(GroupMetadataRecord.decode(key: record.key, value: value) == .group(record))
        #expect(GroupRecord.decode(key: record.key, value: value) == .record(.group(record)))
        for count in 0..<value.count {
            #expect(GroupMetadataRecord.decode(key: record.key, value: Array(value[..<count])) == .malformed)
        }
        for count in 0..<record.key.count {
            #expect(GroupMetadataRecord.decode(key: Array(record.key[..<count]), value: value) == .malformed)
        }
        #expect(GroupMetadataRecord.decode(key: record.key + [0], value: value) == .malformed)
        #expect(GroupMetadataRecord.decode(key: record.key, value: value + [0]) == .malformed)
    }

    @Test("is a tombstone without a value, and unknown in another version")
    func others() {
        let tombstone = GroupMetadataRecord(group: "mes", metadata: nil)
        #expect(tombstone.value == nil)
        #expect(GroupRecord.decode(key: tombstone.key, value: nil) == .record(.group(tombstone)))
        #expect(GroupRecord.decode(key: tombstone.key, value: [0, 4]) == .other)
        #expect(GroupRecord.decode(key: [0, 9, 0, 1, 97], value: []) == .other)
    }

    @Test("is refused with a member twice, with members and no protocol, and with more members than bytes")
    func malformed() throws {
        var record = Self.stable
        record.metadata?.members[1].memberID = "m-1"
        #expect(GroupMetadataRecord.decode(key: record.key, value: record.value) == .malformed)
        record = Self.stable
        record.metadata?.protocolName = nil
        #expect(GroupMetadataRecord.decode(key: record.key, value: record.value) == .malformed)
        var value = try #require(Self.empty.value)
        value.replaceSubrange((value.count - 4)..., with: [0x7F, 0xFF, 0xFF, 0xFF])
        #expect(GroupMetadataRecord.decode(key: Self.empty.key, value: value) == .malformed)
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
