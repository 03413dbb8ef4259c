import SQLiteClient
import Testing

@testable import Loader

/// The ERP's items, as far as expressions look at them.
let itemColumns = [
    ExpressionColumn(name: "item_no", kind: .text), ExpressionColumn(name: "uom", kind: .text),
    ExpressionColumn(name: "weight", kind: .decimal), ExpressionColumn(name: "level", kind: .integer),
    ExpressionColumn(name: "density", kind: .float), ExpressionColumn(name: "changed", kind: .text),
    ExpressionColumn(name: "drawing", kind: .bytes),
]

@Suite("An expression program") struct ExpressionProgramTests {
    static let row: [SQLiteValue] = [
        .text(" A-17 "), .text("straße"), .text("12.500"), .integer(3), .real(7.85), .text("2026-03-29 00:59:59.5+00"),
        .null,
    ]

    @Test(
        "gives what SQL gives",
        arguments: [
            ("item_no", .text(" A-17 ")), ("new.item_no", .text(" A-17 ")), ("trim(item_no)", .text("A-17")),
            ("upper(uom)", .text("STRASSE")), ("lower('ÄÖ 용접')", .text("äö 용접")), ("upper(null)", .null),
            ("weight", .text("12.500")), ("coalesce(weight, 0)", .text("12.500")), ("typeof(weight)", .text("text")),
            ("weight > 9", .integer(1)), ("weight between 9 and 100", .integer(1)), ("weight = 12.5", .integer(1)),
            ("weight in (12.5, 1)", .integer(1)), ("weight * 2", .real(25)), ("level + 1", .integer(4)),
            ("cast(coalesce(weight, 0) as numeric) > 9", .integer(1)),
            ("case level when 3 then 'C' else 'X' end", .text("C")), ("uom || '/' || level", .text("straße/3")),
            ("drawing is null", .integer(1)), ("density", .real(7.85)), ("round(density, 1)", .real(7.9)),
            ("max(level, 10)", .integer(10)), ("item_no like '%17%'", .integer(1)),
            ("'{\"a\":5}' ->> 'a'", .integer(5)),
            ("substr(item_no, 2, 1) -- first letter", .text("A")), ("\"level\"", .integer(3)),
            ("iif(level = 3, 1, 0)", .integer(1)),
            ("to_decimal(weight, 10, 2)", .text("12.50")), ("decimal_add(weight, '0.0001')", .text("12.5001")),
            ("decimal_mul(weight, 3)", .text("37.500")), ("to_decimal(density, 5, 1)", .text("7.9")),
            ("at_zone(changed, 'Europe/Berlin')", .text("2026-03-29 01:59:59.5")),
            ("at_zone(null, 'Asia/Seoul')", .null),
            ("commit_ts()", .text("2026-11-22T06:00:00.123456Z")),
            ("strftime('%Y', commit_ts())", .text("2026")), ("date('no' || 'w')", .null),
            ("'it''s; now() -- ?'", .text("it's; now() -- ?")),
        ] as [(String, SQLiteValue)])
    func evaluates(expression: String, expected: SQLiteValue) throws {
        let program = try ExpressionEngine(columns: itemColumns).compile([expression])
        // Twice, because a statement that is begun goes on with the next row.
        for _ in 0..<2 {
            #expect(try program.evaluate(Self.row, commitTime: 1_795_327_200_123_456) == [expected])
        }
    }

    @Test("evaluates many expressions over row after row")
    func rows() throws {
        let program = try ExpressionEngine(columns: itemColumns).compile(["trim(item_no)", "weight > 9", "commit_ts()"])
        for number in 0..<1000 {
            var row = Self.row
            row[0] = .text(" \(number)")
            row[2] = .text("\(number % 20).0")
            let values = try program.evaluate(row, commitTime: Int64(number))
            #expect(values[..<2] == [.text("\(number)"), .integer(number % 20 > 9 ? 1 : 0)])
        }
    }

    @Test("says which expression refuses a row, without its values, and goes on with the next")
    func failure() throws {
        let program = try ExpressionEngine(columns: itemColumns).compile(["level", "to_decimal(weight, 4, 2)"])
        var bad = Self.row
        bad[2] = .text("98765.4")
        #expect {
            try program.evaluate(bad, commitTime: 0)
        } throws: { error in
            let failure = error as? ExpressionFailure
            return failure?.expression == 1 && failure?.reason.contains("numeric(4, 2)") == true
                && failure?.reason.contains("98765") == false
        }
        #expect(try program.evaluate(Self.row, commitTime: 0) == [.integer(3), .text("12.50")])
    }

    @Test(
        "refuses a row that its functions do not understand",
        arguments: [
            "to_decimal(item_no, 5, 2)", "to_decimal(weight, 0, 0)", "to_decimal(weight, 3, 2)",
            "decimal_add(item_no, 1)",
            "at_zone(item_no, 'UTC')", "at_zone('2026-01-01 00:00:00', 'UTC')", "at_zone(changed, item_no)",
            "abs(-9223372036854775807 - 1)",
        ])
    func failures(expression: String) throws {
        let program = try ExpressionEngine(columns: itemColumns).compile([expression])
        #expect(throws: ExpressionFailure.self) { try program.evaluate(Self.row, commitTime: 0) }
    }

    @Test("knows which columns each expression reads")
    func reads() throws {
        let program = try ExpressionEngine(columns: itemColumns).compile([
            "upper(UOM) || new.\"level\"", "'P01'", "case when weight > 9 then item_no end",
        ])
        #expect(program.reads == [[1, 3], [], [0, 2]])
    }
}
