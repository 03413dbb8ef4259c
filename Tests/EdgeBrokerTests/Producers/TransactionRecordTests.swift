import EdgeBroker
import RecordFormat
import Testing

@Suite("A record of __transaction_state")
struct TransactionRecordTests {
    private static let record = TransactionRecord(
        "tx",
        TransactionMetadata(
            ProducerIdentity(id: 7, epoch: 3), timeout: .seconds(60), status: .ongoing,
            partitions: [TopicPartition(topic: "a", partition: 2), TopicPartition(topic: "a", partition: 0)],
            updateTime: Timestamp(millisecondsSince1970: 5), startTime: Timestamp(millisecondsSince1970: 4)))
    private static let key = Hex.bytes("0000" + "0002" + "7478")
    private static let value = Hex.bytes(
        "0000" + "0000000000000007" + "0003" + "0000ea60" + "01" + "00000001" + "000161" + "00000002" + "00000000"
            + "00000002" + "0000000000000005" + "0000000000000004")

    @Test("has Kafka's bytes")
    func golden() {
        #expect(Self.record.key == Self.key)
        #expect(Self.record.value == Self.value)
        #expect(TransactionRecord(key: Self.key, value: Self.value) == Self.record)
        #expect(TransactionRecord(key: Self.key, value: nil) == TransactionRecord("tx", nil))
    }

    @Test("without a transaction has no topics, as Kafka writes it")
    func empty() {
        let record = TransactionRecord(
            "tx",
            TransactionMetadata(
                ProducerIdentity(id: 7, epoch: 3), timeout: .seconds(60), status: .completeAbort,
                updateTime: Timestamp(millisecondsSince1970: 5)))
        let value = Hex.bytes(
            "0000" + "0000000000000007" + "0003" + "0000ea60" + "05" + "ffffffff" + "0000000000000005"
                + "ffffffffffffffff")
        #expect(record.value == value)
        #expect(TransactionRecord(key: record.key, value: record.value) == record)
    }

    @Test("is refused with bytes that are missing or too many, and with a status that nobody knows")
    func malformed() {
        for count in Self.value.indices {
            #expect(TransactionRecord(key: Self.key, value: Array(Self.value[..<count])) == nil)
        }
        #expect(TransactionRecord(key: Self.key, value: Self.value + [0]) == nil)
        #expect(TransactionRecord(key: Self.key + [0], value: Self.value) == nil)
        var value = Self.value
        value[16] = 9
        #expect(TransactionRecord(key: Self.key, value: value) == nil)
        // More topics than there are bytes for.
        value = Self.value
        value[17] = 0x7f
        #expect(TransactionRecord(key: Self.key, value: value) == nil)
    }

    @Test("of __producer_ids holds the next block")
    func producerIDs() {
        let bytes = Hex.bytes("0000" + "00000000000003e8")
        #expect(ProducerIDRecord(next: 1000).encoded == bytes)
        #expect(ProducerIDRecord(decoding: bytes) == ProducerIDRecord(next: 1000))
        #expect(ProducerIDRecord(decoding: bytes + [0]) == nil)
        #expect(ProducerIDRecord(decoding: Array(bytes.dropLast())) == nil)
    }
}

private enum Hex {
    static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
