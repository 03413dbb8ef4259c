import LogStore
import RecordFormat
import Testing

@Suite("A snapshot of producers")
struct ProducerSnapshotTests {
    private static let now = time(1_700_000_000_000)

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

    @Test("of nobody has Kafka's ten bytes")
    func empty() {
        let states = ProducerStates(at: Offset(5))
        #expect(hex(states.encodedSnapshot) == "000148674bc700000000")
        #expect(ProducerStates(decodingSnapshot: states.encodedSnapshot, at: Offset(5)) == states)
    }

    @Test("has these bytes, Kafka's where no producer has an older batch", arguments: [false, true])
    func golden(older: Bool) throws {
        let states = try Self.states(older: older)
        let producers =
            "00000002" + "0000000000000007" + "0002" + "00000013" + "0000000000000078" + "00000004" + "0000018bcfe56800"
            + "ffffffff" + "ffffffffffffffff" + "0000000000000009" + "0000" + "00000000" + "000000000000007a"
            + "00000000"
            + "0000018bcfe56800" + "00000005" + "000000000000007a"
        let olderBatches = "01" + "0000000e" + "000000000000006e" + "00000001" + "0000018bcfe567ff" + "00"
        #expect(
            hex(states.encodedSnapshot)
                == "0001" + (older ? "fd22c8b1" : "97f15da5") + producers + (older ? olderBatches : ""))
        #expect(ProducerStates(decodingSnapshot: states.encodedSnapshot, at: states.end) == states)
    }

    @Test("with one changed bit, cut, longer, or of an offset below what it names is none", arguments: [false, true])
    func damaged(older: Bool) throws {
        let states = try Self.states(older: older)
        let bytes = states.encodedSnapshot
        for bit in 0..<(bytes.count * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(ProducerStates(decodingSnapshot: changed, at: states.end) == nil)
        }
        for count in 0..<bytes.count {
            #expect(ProducerStates(decodingSnapshot: Array(bytes[..<count]), at: states.end) == nil)
        }
        #expect(ProducerStates(decodingSnapshot: bytes + [0], at: states.end) == nil)
        #expect(ProducerStates(decodingSnapshot: bytes, at: Offset(120)) == nil)
    }

    @Test("with an older batch at no offset, or older batches and no last one, is none")
    func impossible() throws {
        let good = try Self.states(older: true).encodedSnapshot
        func isRead(_ place: Int, _ value: Int64) -> Bool {
            var bytes = good
            withUnsafeBytes(of: value.bigEndian) { bytes.replaceSubrange(place..<(place + 8), with: $0) }
            let checksum = bytes[6...].withUnsafeBytes { crc32c($0) }
            withUnsafeBytes(of: checksum.bigEndian) { bytes.replaceSubrange(2..<6, with: $0) }
            return ProducerStates(decodingSnapshot: bytes, at: Offset(124)) != nil
        }
        let (older, last) = (10 + 2 * 46 + 1 + 4, 10 + 14)
        #expect(isRead(older, 110) && isRead(last, 120))
        for offset in [Int64.min, -1, 0, 116, Int64.max] { #expect(!isRead(older, offset)) }
        for offset in [Int64.min, -1] { #expect(!isRead(last, offset)) }
    }

    @Test("and what is applied behind it make the same states as everything from the start")
    func replay() throws {
        var whole = try Self.states(older: true)
        var loaded = try #require(ProducerStates(decodingSnapshot: whole.encodedSnapshot, at: whole.end))
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
