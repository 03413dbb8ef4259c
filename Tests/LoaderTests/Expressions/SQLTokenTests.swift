import Testing

@testable import Loader

@Suite("SQL tokens") struct SQLTokenTests {
    @Test(
        "are told apart as SQLite does",
        arguments: [
            ("a||'it''s'--x", ["a", "||", "'it's'"]),
            ("\"a\"\"b\".[c d]/* ) */+`e`", ["\"a\"b\"", ".", "\"c d\"", "+", "\"e\""]),
            ("1e-3*.5>=0xE-1", ["1e-3", "*", ".5", ">=", "0xE", "-", "1"]),
            ("x'00ff' ->> '$.a'", ["x", "'00ff'", "->>", "'$.a'"]),
            ("größe<>:p", ["größe", "<>", ":p"]), ("a::text", ["a", "::", "text"]), (" \n\t", []),
        ])
    func splits(sql: String, expected: [String]) throws {
        let texts = try SQLToken.split(sql).map { token in
            switch token.kind {
            case .string: "'\(token.text)'"
            case .quotedName: "\"\(token.text)\""
            default: token.text
            }
        }
        #expect(texts == expected)
    }

    @Test("must end", arguments: ["'open", "\"open", "a /* open", "[open"])
    func open(sql: String) {
        #expect { try SQLToken.split(sql) } throws: { ($0 as? ExpressionError)?.code == .syntax }
    }
}
