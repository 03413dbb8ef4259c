import ChangeEvents
import Testing

@Suite("Base64")
struct Base64Tests {
    @Test(
        "is decoded, RFC 4648 section 10",
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmFy", "foobar"),
        ])
    func decodes(text: String, plain: String) {
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test(
        "is refused with wrong letters or padding", arguments: ["Z", "Zg=", "Z===", "====", "Zg==Zg==", "Zm-v", "Zm 9"])
    func refuses(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
