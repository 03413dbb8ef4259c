import SQLiteClient
import Testing

@testable import DemoPlant

@Suite("A compared value")
struct ComparedCellTests {
    @Test(
        "is equal only to the same value",
        arguments: [
            (nil, .null, true), ("", .null, false), (nil, .text(""), false), ("a", .text("a"), true),
            ("12.500", .text("12.500"), true), ("12.500", .text("12.5"), false), ("12", .integer(12), true),
            ("012", .integer(12), false), ("0.1", .real(0.1), true), ("1e-07", .real(0.0000001), true),
            ("0.1", .real(0.2), false), ("NaN", .text("NaN"), true), ("x", .blob([0x78]), false),
            // The same letter for a reader, in one scalar and in two.
            ("\u{E9}", .text("e\u{301}"), false),
        ] as [(String?, SQLiteValue, Bool)])
    func comparesValues(expected: String?, actual: SQLiteValue, isEqual: Bool) {
        #expect(ComparedCell(expected: expected, actual: actual).isEqual == isEqual)
    }
}
