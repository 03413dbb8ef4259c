import ArgumentParser
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("A format string") struct FormatStringTests {
    private static let partition = TopicPartition(topic: "orders", partition: 3)

    private func printed(_ format: String, key: String? = "k1", value: String? = "v1", headers: [RecordHeader] = [])
        -> String?
    {
        (try? FormatString(format)).map { format in
            let record = Record(
                key: key.map { Array($0.utf8) }, value: value.map { Array($0.utf8) }, headers: headers,
                timestamp: Timestamp(millisecondsSince1970: 1234))
            return String(
                decoding: format.bytes(StoredRecord(offset: Offset(42), record: record), Self.partition), as: UTF8.self)
        }
    }

    @Test(
        "prints what kcat prints",
        arguments: [
            ("%t %p %o", "orders 3 42"), ("%k=%s\\n", "k1=v1\n"), ("%K %S %T", "2 2 1234"), ("100%% %s", "100% v1"),
            ("\\t\\r\\x41\\\\\\q", "\t\rA\\q"), ("%R", "\0\0\0\u{2}"), ("", ""), ("plain", "plain"), ("ü%s", "üv1"),
        ])
    func prints(_ format: String, _ expected: String) { #expect(printed(format) == expected) }

    @Test("prints nothing for what is null, and -1 for its length")
    func nulls() {
        #expect(printed("[%k|%s|%K|%S]", key: nil, value: nil) == "[||-1|-1]")
        #expect(printed("[%k|%K]", key: "") == "[|0]")
    }

    @Test("prints headers with commas between them")
    func headers() {
        let headers = [RecordHeader(key: "a", value: Array("1".utf8)), RecordHeader(key: "b", value: nil)]
        #expect(printed("%h", headers: headers) == "a=1,b=NULL")
        #expect(printed("<%h>") == "<>")
    }

    @Test(
        "is refused where it says what nobody understands, and that is named",
        arguments: [
            ("%", "a lone %"), ("%s %q", "there is no %q;"), ("a%", "a lone %"), ("\\", "a \\ stands"),
            ("\\x4", "without two digits"), ("\\xzz", "without two digits"),
        ])
    func refuses(_ format: String, _ named: String) {
        let error = #expect(throws: ValidationError.self) { try FormatString(format) }
        #expect(error?.message.contains(named) == true)
    }
}
