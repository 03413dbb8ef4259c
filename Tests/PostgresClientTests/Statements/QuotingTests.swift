import PostgresClient
import Testing

@Suite("Quoting")
struct QuotingTests {
    static let names = [
        ("items", "\"items\""), ("a\"b", "\"a\"\"b\""), ("x\"; DROP TABLE y; --", "\"x\"\"; DROP TABLE y; --\""),
        ("작업 지시", "\"작업 지시\""), ("e\"\u{301}", "\"e\"\"\u{301}\""),
        (String(repeating: "n", count: 63), "\"" + String(repeating: "n", count: 63) + "\""),
    ]

    @Test("keeps a name whole", arguments: names)
    func identifier(name: String, quoted: String) throws {
        #expect(Array(try Quoting.identifier(name).utf8) == Array(quoted.utf8))
    }

    @Test(
        "refuses a name that the server would cut or misread",
        arguments: ["", "a\0b", String(repeating: "n", count: 64), String(repeating: "가", count: 22)])
    func refused(name: String) {
        #expect(throws: PostgresError.self) { try Quoting.identifier(name) }
    }

    @Test("keeps a value whole", arguments: ["", "O'Hara", "a\\'b", "\\", "'; DROP TABLE x; --", "ü\n\t", "'\u{301}"])
    func literal(value: String) throws {
        let connection = try TestServer.connect()
        for conforming in ["on", "off"] {
            try connection.simpleQuery("SET standard_conforming_strings = \(conforming)")
            #expect(try connection.simpleQuery("SELECT \(try Quoting.literal(value))").single == value)
        }
    }

    @Test("names the server's objects as the server does", arguments: names)
    func sameAsServer(name: String, quoted: String) throws {
        let answer = try TestServer.connect().query("SELECT quote_ident($1)", [name]).single
        #expect(answer == quoted || answer == name)
    }
}
