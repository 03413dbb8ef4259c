import KafkaClient
import Testing

@Suite("A property file") struct PropertyFileTests {
    @Test(
        "has a name and a value a line, as Java reads it",
        arguments: [
            ("a=b", ["a": "b"]), ("a : b", ["a": "b"]), ("a b c", ["a": "b c"]), ("  a=b  ", ["a": "b  "]),
            ("# a=b\n! c=d\n\ne=f", ["e": "f"]), ("a", ["a": ""]), ("a=\\\n  b\\\n  c\nd=e", ["a": "bc", "d": "e"]),
            ("a\\ b=c\\=d", ["a b": "c=d"]), ("a=\\u00e9\\t\\n", ["a": "é\t\n"]),
            ("a=b\\\\\nc=d", ["a": "b\\", "c": "d"]),
            ("a=b\r\nc=d\r\n", ["a": "b", "c": "d"]), ("a=b=c", ["a": "b=c"]), ("a=\\u12", ["a": "u12"]),
            ("a=b\\", ["a": "b"]),
        ] as [(String, [String: String])])
    func reads(_ text: String, _ expected: [String: String]) {
        let found = PropertyFile.read(text).map { ($0.name, $0.value) }
        #expect(Dictionary(found, uniquingKeysWith: { $1 }) == expected)
    }
}
