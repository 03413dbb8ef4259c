import EdgeBroker
import LogStore
import Testing

@Suite("A topic's description in the catalogue")
struct CatalogueRecordTests {
    @Test(
        "has these bytes and comes back from them",
        arguments: [
            (nil as String?, "00010102030405060708090a0b0c0d0e0f10000000030000"),
            ("mes", "00010102030405060708090a0b0c0d0e0f100000000300036d6573"),
        ])
    func bytes(owner: String?, hex: String) throws {
        let record = CatalogueRecord(topicID: try #require(Identifier(Array(1...16))), partitionCount: 3, owner: owner)
        let encoded = record.encoded
        #expect(encoded.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() == hex)
        #expect(CatalogueRecord(decoding: encoded) == record)
        for count in 0..<encoded.count { #expect(CatalogueRecord(decoding: Array(encoded[..<count])) == nil) }
        #expect(CatalogueRecord(decoding: encoded + [0]) == nil)
    }
}
