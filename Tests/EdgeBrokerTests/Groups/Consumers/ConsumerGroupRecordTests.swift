import EdgeBroker
import LogStore
import Testing

@Suite("A group in the consumer protocol in the log")
struct ConsumerGroupRecordTests {
    private static let topic = Identifier(random: { 0x0102_0304_0506_0708 })
    private static let id = "01020304050607080102030405060708"
    private static func partitions(_ numbers: [Int32]) -> Set<GroupPartition> {
        Set(numbers.map { GroupPartition(topic: topic, $0) })
    }

    /// Record, key and value, by Kafka's schemas of key versions 3 to 8.
    private static let golden: [(ConsumerGroupRecord, String, String)] = [
        (.epoch(group: "mes", ConsumerGroupEpoch(7)), "0003" + "00036d6573", "0000" + "00000007" + "00"),
        (
            .topics(group: "mes", ConsumerGroupTopics(["t": TopicImage.Topic(id: topic, partitionCount: 3)])),
            "0004" + "00036d6573", "0000" + "02" + id + "0274" + "00000003" + "01" + "00" + "00"
        ),
        (
            .member(
                group: "mes", id: "m",
                ConsumerMemberRecord(
                    instanceID: "i", rackID: nil, clientID: "c", clientHost: "/h", topics: ["a", "b"], pattern: "x.*",
                    rebalanceTimeout: 300_000, assignor: "range")),
            "0005" + "00036d6573" + "00016d",
            "0000" + "0269" + "00" + "0263" + "032f68" + "03" + "0261" + "0262" + "04782e2a" + "000493e0"
                + "0672616e6765" + "00"
        ),
        (.targetEpoch(group: "mes", ConsumerGroupEpoch(7)), "0006" + "00036d6573", "0000" + "00000007" + "00"),
        (
            .target(group: "mes", id: "m", TargetAssignmentRecord(partitions([1, 0]))),
            "0007" + "00036d6573" + "00016d", "0000" + "02" + id + "03" + "00000000" + "00000001" + "00" + "00"
        ),
        (
            .current(
                group: "mes", id: "m",
                CurrentAssignmentRecord(
                    epoch: 7, previousEpoch: 6, state: .unrevoked, assigned: partitions([0]), revoking: partitions([2]))
            ),
            "0008" + "00036d6573" + "00016d",
            "0000" + "00000007" + "00000006" + "01" + "02" + id + "02" + "00000000" + "00" + "02" + id + "02"
                + "00000002" + "00" + "00"
        ),
    ]

    @Test("has Kafka's bytes and comes back from them", arguments: golden.indices)
    func bytes(index: Int) throws {
        let (record, key, value) = Self.golden[index]
        let bytes = try #require(record.value)
        #expect(Self.hex(record.key) == key && Self.hex(bytes) == value)
        #expect(GroupRecord.decode(key: record.key, value: bytes) == .record(.consumerGroup(record)))
        for count in 0..<bytes.count {
            #expect(GroupRecord.decode(key: record.key, value: Array(bytes[..<count])) == .malformed)
        }
        #expect(GroupRecord.decode(key: record.key, value: bytes + [0]) == .malformed)
        for count in 2..<record.key.count {
            #expect(GroupRecord.decode(key: Array(record.key[..<count]), value: bytes) == .malformed)
        }
        #expect(GroupRecord.decode(key: record.key + [0], value: bytes) == .malformed)
        #expect(GroupRecord.decode(key: record.key, value: [0, 1]) == .other)
    }

    @Test("is a tombstone without a value")
    func tombstones() throws {
        var contents = ConsumerGroupContents()
        for (record, _, _) in Self.golden { contents.apply(record) }
        #expect(contents.epoch == 7 && contents.members.keys.sorted() == ["m"] && contents.currents.count == 1)
        for (record, _, _) in Self.golden {
            guard case .record(.consumerGroup(let gone)) = GroupRecord.decode(key: record.key, value: nil) else {
                Issue.record("\(record) has no tombstone")
                continue
            }
            #expect(gone.value == nil && gone.key == record.key)
            contents.apply(gone)
        }
        #expect(contents == ConsumerGroupContents())
    }

    @Test("is read past tagged fields of later releases")
    func tags() throws {
        let key = ConsumerGroupRecord.epoch(group: "mes", nil).key
        // Kafka 4.1 puts a hash there.
        let value: [UInt8] = [0, 0, 0, 0, 0, 7, 1, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        #expect(
            GroupRecord.decode(key: key, value: value)
                == .record(.consumerGroup(.epoch(group: "mes", ConsumerGroupEpoch(7)))))
        #expect(GroupRecord.decode(key: key, value: Array(value.dropLast())) == .malformed)
    }

    private static let malformed: [(Int, String)] = [
        // An epoch below 0, a partition below 0, one twice, an unknown state, more elements than bytes.
        (0, "0000" + "ffffffff" + "00"),
        (4, "0000" + "02" + id + "02" + "ffffffff" + "00" + "00"),
        (4, "0000" + "02" + id + "03" + "00000001" + "00000001" + "00" + "00"),
        (5, "0000" + "00000007" + "00000006" + "03" + "01" + "01" + "00"),
        (4, "0000" + "ffffffff07" + "00"),
        (2, "0000" + "00" + "00" + "0263" + "032f68" + "ffffffff0f" + "00"),
    ]

    @Test("is refused where it cannot be", arguments: malformed.indices)
    func refused(index: Int) {
        let (record, value) = Self.malformed[index]
        #expect(GroupRecord.decode(key: Self.golden[record].0.key, value: Self.bytes(value)) == .malformed)
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    }
}
