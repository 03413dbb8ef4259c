import CaptureAgent
import ChangeEvents
import Testing

@Suite("A line of COPY")
struct CopyLineTests {
    private static func values(_ text: String, columns: Int) throws -> [String?] {
        var line = CopyLine()
        let tuple = try Array(text.utf8).withUnsafeBytes { try line.decode($0, columns: columns) }
        return tuple.cells.map { cell in
            cell.kind == .null
                ? nil : String(decoding: line.bytes[cell.start..<(cell.start + cell.count)], as: UTF8.self)
        }
    }

    @Test(
        "is read as the server wrote it",
        arguments: [
            ("a\tb\n", ["a", "b"]), ("\\N\t\\N\n", [nil, nil]), ("\t\n", ["", ""]),
            ("a\\tb\\n\t\\\\N", ["a\tb\n", "\\N"]),
            ("\\b\\f\\r\\v\\\\\t무게", ["\u{8}\u{c}\r\u{b}\\", "무게"]), ("\\\\x00ff\tx\n", ["\\x00ff", "x"]),
            ("\\N\t\n", [nil, ""]),
        ] as [(String, [String?])])
    func decodes(text: String, values: [String?]) throws {
        #expect(try Self.values(text, columns: 2) == values)
    }

    @Test("of one column and of none is read")
    func decodesFewColumns() throws {
        #expect(try Self.values("\n", columns: 1) == [""])
        #expect(try Self.values("\n", columns: 0).isEmpty)
    }

    @Test(
        "is refused with other columns or escapes than the server writes",
        arguments: ["a\n", "a\tb\tc\n", "a\t\\", "a\t\\x41\n", "x\\N\tb\n", "\\Nx\tb\n", "\\N\\N\tb", ""])
    func refuses(text: String) {
        let error = #expect(throws: CaptureError.self) { try Self.values(text, columns: 2) }
        #expect(error?.code == .protocolViolation)
    }
}

@Suite("The order of a snapshot's tables")
struct TableOrderTests {
    private static func order(_ names: String, _ references: [String]) -> String {
        func table(_ letter: Character) -> TableName { TableName(schema: "e", name: String(letter)) }
        let pairs = references.map { (from: table(Array($0)[0]), to: table(Array($0)[1])) }
        return TableOrder.sorted(names.map(table), references: pairs).map(\.name).joined()
    }

    @Test(
        "puts what is referred to first, and keeps the configured order otherwise",
        arguments: [
            ("abc", [], "abc"), ("abc", ["ab", "bc"], "cba"), ("abc", ["aa", "ax"], "abc"),
            ("abcd", ["ac", "bc", "da"], "cabd"),
            ("abc", ["ab", "ba"], "cab"),
        ] as [(String, [String], String)])
    func sorts(names: String, references: [String], order: String) {
        #expect(Self.order(names, references) == order)
    }
}
