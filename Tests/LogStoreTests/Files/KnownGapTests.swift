import LogStore
import RecordFormat
import Testing

@Suite("A known gap")
struct KnownGapTests {
    @Test("has these bytes, and one changed bit anywhere makes it none")
    func golden() throws {
        let gap = KnownGap(
            topicID: try #require(Identifier(Array(1...16))), partition: 3, offsets: Offset(0x11)..<Offset(0x22),
            time: Timestamp(millisecondsSince1970: 0x33), cause: "rot")
        #expect(
            hex(gap.encoded)
                == "b62321cc00010003" + "0102030405060708090a0b0c0d0e0f10" + "0000000300000000"
                + "00000000000000110000000000000022" + "0000000000000033" + "726f74")
        #expect(KnownGap(decoding: gap.encoded) == gap)
        for bit in 0..<(gap.encoded.count * 8) {
            var bytes = gap.encoded
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(KnownGap(decoding: bytes) == nil)
        }
        #expect(KnownGap(decoding: Array(gap.encoded.dropLast())) == nil)
    }

    @Test("keeps no more of its cause than 1,024 bytes")
    func longCause() throws {
        let gap = KnownGap(
            topicID: try #require(Identifier(Array(1...16))), partition: 0, offsets: .zero..<Offset(1),
            time: Timestamp(millisecondsSince1970: 0), cause: String(repeating: "ä", count: 600))
        #expect(gap.cause.utf8.count == 1024)
        #expect(KnownGap(decoding: gap.encoded) == gap)
    }
}
