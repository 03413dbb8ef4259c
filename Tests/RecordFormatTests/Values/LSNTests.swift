import RecordFormat
import Testing

@Suite("An LSN")
struct LSNTests {
    @Test(
        "is read and written as Postgres writes it",
        arguments: [
            ("0/0", 0), ("16/B374D848", 0x16_b374_d848), ("0/1A2B3C8", 0x1a2_b3c8), ("FFFFFFFF/FFFFFFFF", .max),
            ("1/0", 0x1_0000_0000),
        ] as [(String, UInt64)])
    func text(text: String, rawValue: UInt64) {
        #expect(LSN(text) == LSN(rawValue))
        #expect(LSN(rawValue).description == text)
    }

    @Test("is read with small letters and leading zeros too")
    func lenient() { #expect(LSN("0000001a/b374d84f") == LSN(0x1a_b374_d84f)) }

    @Test(
        "is not read from anything else",
        arguments: [
            "", "/", "0", "0/", "/0", "0/0/0", "+1/0", "0/-1", " 0/0", "0/0 ", "G/0", "123456789/0", "0/123456789",
            "0/٣",
        ])
    func refused(text: String) { #expect(LSN(text) == nil) }

    @Test("of a later place is greater, whichever half differs")
    func order() {
        let ordered = [LSN(0), LSN(1), LSN(0xffff_ffff), LSN(0x1_0000_0000), LSN(.max)]
        #expect(ordered.reversed().sorted() == ordered)
    }
}
