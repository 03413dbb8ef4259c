import Testing

@testable import Loader

@Suite("The rules of expressions") struct ExpressionRulesTests {
    @Test(
        "refuse what a replay would not give again, and name the replacement",
        arguments: [
            ("now()", 0, "commit_ts()"), ("level + NOW ( )", 8, "commit_ts()"), ("current_timestamp", 0, "commit_ts()"),
            ("Current_Date", 0, "commit_ts()"), ("random() % 2", 0, "column"), ("date('now')", 5, "commit_ts()"),
            ("datetime( ' NOW ', '+1 day')", 10, "commit_ts()"), ("strftime('%Y')", 0, "commit_ts()"),
            ("date()", 0, "commit_ts()"),
            ("datetime(changed, 'localtime')", 18, "at_zone"), ("localtimestamp", 0, "at_zone"),
        ])
    func notRepeatable(expression: String, offset: Int, instead: String) throws {
        let error = try error(of: expression)
        #expect(error.code == .notRepeatable && error.offset == offset)
        #expect(error.remedy.contains(instead))
    }

    @Test(
        "refuse what would lose digits or compare decimals as text",
        arguments: [
            ("cast(weight as numeric(12,3))", 15), ("cast(weight as Decimal)", 15), ("coalesce(weight, 0) > 10", 0),
            ("10 < coalesce(new.weight, 0)", 5), ("to_decimal(level, 5, 2) = 1", 0), ("max(weight, 0)", 4),
            ("min(1, to_decimal(level, 5, 2))", 7), ("iif(level = 1, weight, 0) between 1 and 2", 0),
            ("decimal_mul(weight, 2) not in (1, 2)", 0),
        ])
    func inexact(expression: String, offset: Int) throws {
        let error = try error(of: expression)
        #expect(error.code == .inexact && error.offset == offset)
    }

    @Test(
        "refuse what is not one expression over one row",
        arguments: [
            "(select 1)", "exists(select 1)", "level in (select 1)", "max(level)", "count(*)", "sum(level) over ()",
            "1; select 2",
            "level, weight", "1) , (2", "1) from new union select (2", "?", ":x", "load_extension('x')",
            "cast(level as varchar(3))",
            "sqlite_version()", "min(level) over ()", "cast(item_no as timestamp)",
        ])
    func notAllowed(expression: String) throws {
        let error = try error(of: expression)
        #expect([.notAllowed, .unknownFunction, .syntax].contains(error.code))
    }

    @Test(
        "say what was meant, and where the mistake is",
        arguments: [
            ("upper(uon)", ExpressionError.Code.unknownColumn, 6, "uom"), ("new.wieght", .unknownColumn, 0, "weight"),
            ("uper(uom)", .unknownFunction, 0, "upper"), ("\"P01\"", .unknownColumn, 0, "'P01'"),
            ("concat(uom, 1)", .unknownFunction, 0, "||"), ("left(uom, 1)", .unknownFunction, 0, "substr"),
            ("weight::text", .syntax, 6, "cast"), ("trim(uom", .syntax, 4, "Close"), ("'open", .syntax, 0, "Close"),
            ("at_zone(changed, 'Berlin')", .notAllowed, 17, "Europe/Berlin"), ("old.uom", .unknownColumn, 0, ""),
            ("trim(uom, 1, 2)", .syntax, 0, ""), ("level level", .syntax, 6, ""), ("", .syntax, -1, "column"),
        ])
    func helpful(expression: String, code: ExpressionError.Code, offset: Int, remedy: String) throws {
        let error = try error(of: expression)
        #expect(error.code == code)
        #expect((error.offset ?? -1) == offset)
        #expect(error.remedy.contains(remedy) || remedy.isEmpty)
    }

    @Test("name the expression among those compiled together")
    func number() throws {
        let engine = try ExpressionEngine(columns: itemColumns)
        #expect { try engine.compile(["level", "now()"]) } throws: { ($0 as? ExpressionError)?.expression == 1 }
    }

    @Test("refuse a table whose columns SQLite takes for the same")
    func sameNames() {
        let columns = ["Id", "id"].map { ExpressionColumn(name: $0, kind: .integer) }
        #expect(throws: ExpressionError.self) { try ExpressionEngine(columns: columns) }
    }

    private func error(of expression: String) throws -> ExpressionError {
        let engine = try ExpressionEngine(columns: itemColumns)
        return try #require(throws: ExpressionError.self) { try engine.compile([expression]) }
    }
}
