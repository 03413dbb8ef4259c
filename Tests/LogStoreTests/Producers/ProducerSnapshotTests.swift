import LogStore
import RecordFormat
import Testing

@Suite("A snapshot of producers")
struct ProducerSnapshotTests {
    private static let now = time(1_700_000_000_000)

    private static let owner = ProducerStates.Owner(topicID: topicID(3), partition: 5)
    /// Topic id, partition and offset.
    private static let ownerBytes = String(repeating: "03", count: 16) + "00000005"

    private static func topicID(_ byte: UInt8) -> Identifier {
        guard let id = Identifier(Array(repeating: byte, count: 16)) else {
            preconditionFailure("Sixteen bytes are an identifier")
        }
        return id
    }

    private static func states(older: Bool) throws -> ProducerStates {
        var states = ProducerStates(at: Offset(older ? 109 : 116))
        if older {
            states.apply(
                try header(base: 109, records: 2, producer: 7, epoch: 2, sequence: 13),
                at: time(1_699_999_999_999))
            states.apply(try header(base: 111, records: 5), at: now)
        }
        states.apply(try header(base: 116, records: 5, producer: 7, epoch: 2, sequence: 15), at: now)
        states.apply(
            try header(base: 121, producer: 9, attributes: 1 << 4 | 1 << 5),
            marker: TransactionMarker(.commit, coordinatorEpoch: 5), at: time(1_700_000_000_001))
        states.apply(try header(base: 122, producer: 9, sequence: 0, attributes: 1 << 4), at: now)
        return states
    }

    @Test("of nobody has these bytes")
    func empty() {
        let bytes = ProducerStates(at: Offset(5)).encodedSnapshot(of: Self.owner)
        #expect(hex(bytes) == "0001462127e000000000" + Self.ownerBytes + "0000000000000005")
        #expect(ProducerStates(decodingSnapshot: bytes, of: Self.owner, at: Offset(5)) == ProducerStates(at: Offset(5)))
    }

    @Test("of Kafka's own tells its producers, and is nobody's")
    func foreign() {
        let bytes: [UInt8] = [0, 1, 0x48, 0x67, 0x4b, 0xc7, 0, 0, 0, 0]
        #expect(ProducerStates(decodingSnapshot: bytes, of: nil, at: Offset(5)) == ProducerStates(at: Offset(5)))
        #expect(ProducerStates(decodingSnapshot: bytes, of: Self.owner, at: Offset(5)) == nil)
    }

    @Test("of another topic, partition or offset is none")
    func exchanged() throws {
        let states = try Self.states(older: true)
        let bytes = states.encodedSnapshot(of: Self.owner)
        let others = [
            ProducerStates.Owner(topicID: Self.topicID(4), partition: 5),
            ProducerStates.Owner(topicID: Self.topicID(3), partition: 4),
        ]
        for other in others { #expect(ProducerStates(decodingSnapshot: bytes, of: other, at: states.end) == nil) }
        for owner in [Self.owner, nil] {
            #expect(ProducerStates(decodingSnapshot: bytes, of: owner, at: states.end) == states)
            #expect(ProducerStates(decodingSnapshot: bytes, of: owner, at: states.end.advanced(by: 1)) == nil)
        }
    }

    @Test("has these bytes, Kafka's first", arguments: [false, true])
    func golden(older: Bool) throws {
        let states = try Self.states(older: older)
        let producers =
            "00000002" + "0000000000000007" + "0002" + "00000013" + "0000000000000078" + "00000004" + "0000018bcfe56800"
            + "ffffffff" + "ffffffffffffffff" + "0000000000000009" + "0000" + "00000000" + "000000000000007a"
            + "00000000"
            + "0000018bcfe56800" + "00000005" + "000000000000007a"
        let owner = Self.ownerBytes + "000000000000007b"
        let olderBatches = "01" + "0000000e" + "000000000000006e" + "00000001" + "0000018bcfe567ff" + "00"
        #expect(
            hex(states.encodedSnapshot(of: Self.owner))
                == "0001" + (older ? "ef8745aa" : "f8b88949") + producers + owner + (older ? olderBatches : ""))
        let again = ProducerStates(
            decodingSnapshot: states.encodedSnapshot(of: Self.owner), of: Self.owner, at: states.end)
        #expect(again == states)
    }

    @Test("with one changed bit, cut, longer, or of an offset below what it names is none", arguments: [false, true])
    func damaged(older: Bool) throws {
        let states = try Self.states(older: older)
        let bytes = states.encodedSnapshot(of: Self.owner)
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(ProducerStates(decodingSnapshot: changed, of: Self.owner, at: states.end) == nil)
        }
        for count in 0..<bytes.count {
            #expect(ProducerStates(decodingSnapshot: Array(bytes[..<count]), of: Self.owner, at: states.end) == nil)
        }
        #expect(ProducerStates(decodingSnapshot: bytes + [0], of: Self.owner, at: states.end) == nil)
        #expect(ProducerStates(decodingSnapshot: bytes, of: Self.owner, at: Offset(120)) == nil)
    }

    @Test("with an older batch at no offset, or older batches and no last one, is none")
    func impossible() throws {
        let good = try Self.states(older: true).encodedSnapshot(of: Self.owner)
        func isRead(_ place: Int, _ value: Int64) -> Bool {
            var bytes = good
            withUnsafeBytes(of: value.bigEndian) { bytes.replaceSubrange(place..<(place + 8), with: $0) }
            let checksum = bytes[6...].withUnsafeBytes { crc32c($0) }
            withUnsafeBytes(of: checksum.bigEndian) { bytes.replaceSubrange(2..<6, with: $0) }
            return ProducerStates(decodingSnapshot: bytes, of: Self.owner, at: Offset(123)) != nil
        }
        let (older, last) = (10 + 2 * 46 + 28 + 1 + 4, 10 + 14)
        #expect(isRead(older, 110) && isRead(last, 120))
        for offset in [Int64.min, -1, 0, 116, Int64.max] { #expect(!isRead(older, offset)) }
        for offset in [Int64.min, -1] { #expect(!isRead(last, offset)) }
    }

    @Test("and what is applied behind it make the same states as everything from the start")
    func replay() throws {
        var whole = try Self.states(older: true)
        let bytes = whole.encodedSnapshot(of: Self.owner)
        var loaded = try #require(ProducerStates(decodingSnapshot: bytes, of: Self.owner, at: whole.end))
        let later = [
            try header(base: 123, producer: 9, sequence: 1, attributes: 1 << 4),
            try header(base: 124, producer: 7, epoch: 2, sequence: 20),
        ]
        for header in later {
            whole.apply(header, at: Self.now)
            loaded.apply(header, at: Self.now)
        }
        #expect(whole == loaded)
        #expect(loaded.lastStableOffset(below: loaded.end) == Offset(122))
    }
}
