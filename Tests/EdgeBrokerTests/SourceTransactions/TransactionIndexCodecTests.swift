import EdgeBroker
import RecordFormat
import Testing

@Suite("An index record")
struct TransactionIndexCodecTests {
    static let golden: [(TransactionIndexRecord, String)] = [
        (
            .intent(SourceIntent(slot: "mes_p01", systemID: "7311", timeline: 1)),
            "010100076d65735f70303100043733313100000001"
        ),
        (
            .snapshotBegin(id: 5, topics: ["erp.items", "b"], consistentPoint: LSN(0x1A2B)),
            "010200000000000000050000000000001a2b0000000200096572702e6974656d73000162"
        ),
        (
            .snapshotChunk(id: 5, ranges: [TopicRange(topic: "b", partition: 0, start: Offset(1), end: Offset(3))]),
            "010300000000000000050000000100016200000000000000000000000100000000000000" + "03"
        ),
        (.snapshotEnd(id: 5, consistentPoint: LSN(6)), "010400000000000000050000000000000006"),
        (
            .commit(
                CommitRecord(
                    commitLSN: LSN(0x10), endLSN: LSN(0x20), transactionID: 0x30, commitTime: 0x40,
                    ranges: [TopicRange(topic: "b", partition: 1, start: Offset(2), end: Offset(2))])),
            "01050000000000000010000000000000002000000030000000000000004000000001000162000000010000000000000002"
                + "0000000000000002"
        ),
        (.position(endLSN: LSN(0xFFFF_FFFF_0000_0001)), "0106ffffffff00000001"),
        (.relation(topic: "b", description: [9, 8]), "01070001620000000209" + "08"),
        (
            .checkpoint(SourceCheckpoint(state: SourceState(), ends: [:])),
            "0108" + "00" + "00" + "00000000" + "00000000"
        ),
        (
            .checkpoint(full),
            "0108" + "03" + "0003" + "6d6573" + "0001" + "37" + "00000002" + "0000000000000108" + "01"
                + "0000000000000005"
                + "00000002" + "000161" + "00000001" + "07" + "000162" + "00000000"
                + "00000001" + "000161" + "00000000" + "0000000000000009"
        ),
    ]

    private static var full: SourceCheckpoint {
        var state = SourceState()
        state.intent = SourceIntent(slot: "mes", systemID: "7", timeline: 2)
        state.position = LSN(0x108)
        state.snapshot = .unfinished(id: 5)
        state.relations = ["b": [], "a": [7]]
        return SourceCheckpoint(state: state, ends: [TopicPartition(topic: "a", partition: 0): Offset(9)])
    }

    @Test("has these bytes and comes back from them", arguments: golden)
    func bytes(record: TransactionIndexRecord, hex: String) throws {
        let encoded = record.encoded
        #expect(encoded.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() == hex)
        #expect(try TransactionIndexRecord(decoding: encoded) == record)
        for count in 0..<encoded.count {
            #expect(throws: BrokerError.self) { try TransactionIndexRecord(decoding: Array(encoded[..<count])) }
        }
        #expect(throws: BrokerError.self) { try TransactionIndexRecord(decoding: encoded + [0]) }
    }

    @Test("is refused when it lies about a count, a version or a kind")
    func lies() {
        for bytes: [UInt8] in [
            [1, 7, 0, 1, 98, 0xFF, 0xFF, 0xFF, 0xFF], [1, 3] + Array(repeating: 0xFF, count: 12),
            [2, 6] + Array(repeating: 0, count: 8),
            [1, 8], [1, 9], [1, 0], [], [1, 8, 4, 0] + Array(repeating: 0, count: 8),
            [1, 8, 0, 3] + Array(repeating: 0, count: 8), [1, 8, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF],
            [1, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 98, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 0],
        ] {
            #expect(throws: BrokerError.self) { try TransactionIndexRecord(decoding: bytes) }
        }
    }
}
