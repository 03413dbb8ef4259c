import FlowFile
import Testing

@Suite("An expression in YAML") struct ColumnReaderTests {
    static let traps: [(String, String)] = [
        (
            "columns: { a: coalesce(x, y) }",
            "9:33: \"y)\" looks like the rest of an expression: a map in { } is cut at every comma; "
                + "put one expression a line, or it in quotes"
        ),
        (
            "columns:\n        a:\n          case when b then 'x: y' end",
            "11:11: the expression of \"a\" became a map, because it holds `: `; put the expression in quotes or on its own `|` line"
        ),
        (
            "columns:\n        a: [x]",
            "10:12: the expression of \"a\" became a list, because it begins with [ or -; "
                + "put the expression in quotes or on its own `|` line"
        ),
        ("columns:\n        a:", "10:11: column \"a\" has no expression; write 'null' in quotes for a null"),
        (
            "columns:\n        a: x || ' #' || y",
            "10:12: the expression ends inside a quoted text: YAML takes ` #` for a comment; "
                + "put the expression in quotes or on its own `|` line"
        ),
        (
            "columns:\n        a: x\n        A: y",
            "11:9: column \"A\" is there already; SQLite does not tell upper from lower case"
        ),
        ("columns: {}", "9:16: \"columns\" names no column; leave it out to load all of them unchanged"),
        ("where: ' '", "9:14: the expression is empty"),
    ]

    private func flow(_ lines: String) -> String {
        """
        flow: f
        source: { postgres: x, slot: s, tables: [a.t] }
        load:
          into: { sqlite: mes.db }
          tables:
            -
              from: a.t
              to: t
        \(lines.split(separator: "\n", omittingEmptySubsequences: false).map { $0.hasPrefix(" ") ? "\($0)" : "      \($0)" }
            .joined(separator: "\n"))

        """
    }

    @Test("that YAML bent is met with what to do", arguments: traps)
    func trap(_ trap: (String, String)) {
        #expect(mistakes(in: flow(trap.0)).first == "f.yaml:\(trap.1)")
    }

    @Test(
        "that YAML cannot read is met with what to do",
        arguments: [
            "columns:\n        a: 'x' || y", "columns:\n        a: 'x' + y", "columns:\n        a: b || ': ' || c",
        ])
    func syntax(_ lines: String) {
        let found = mistakes(in: flow(lines))
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix("f.yaml:10:") == true
                && found.first?.contains("put the expression in quotes or on its own `|` line") == true)
    }

    @Test("is taken as written, words like yes and numbers included")
    func verbatim() throws {
        let text = flow(
            "columns:\n        a: yes\n        b: 007\n        c: |\n          'x: ' ||\n            y\n        d: \"' #'\""
        )
        let columns = try #require(try Flow.parse(text, file: "f.yaml", world).value.load?.tables[0].columns)
        #expect(columns.map(\.expression.text) == ["yes", "007", "'x: ' ||\n  y", "' #'"])
    }
}
