import SQLiteClient
import Testing

@testable import DemoPlant

@Suite("The comparison of ERP and MES")
struct PlantComparisonTests {
    private let expected: [String: [[String?]]] = [
        "operation": [
            ["WO-1", "10", "FRÄS-01", "60", "0", nil], ["WO-1", "20", "조립-2", "5", "1", "고객"],
        ]
    ]

    private func compare(_ rows: [[SQLiteValue]]) -> PlantComparison {
        PlantComparison(expected, ["operation": rows])
    }

    private let first: [SQLiteValue] = [
        .text("WO-1"), .integer(10), .text("FRÄS-01"), .integer(60), .integer(0), .null,
    ]
    private let second: [SQLiteValue] = [
        .text("WO-1"), .integer(20), .text("조립-2"), .integer(5), .integer(1), .text("고객"),
    ]

    @Test("finds equal what is equal, in whatever order")
    func findsEqual() {
        let comparison = compare([second, first])
        #expect(comparison.isEqual)
        #expect(comparison.summary == "equal, 2 rows in 5 tables")
    }

    @Test("names table, key and column of a value that differs")
    func namesValue() {
        var wrong = second
        wrong[3] = .integer(6)
        let comparison = compare([first, wrong])
        #expect(comparison.differences == ["operation WO-1/20 minutes: \"5\" in the ERP, \"6\" in the MES"])
        #expect(comparison.summary == "different, 1 differences in 2 rows of 5 tables")
    }

    @Test("names rows that are missing, too many, and there twice")
    func namesRows() {
        var surplus = second
        surplus[1] = .integer(30)
        #expect(
            compare([first, first, surplus]).differences == [
                "operation WO-1/10: twice in the MES", "operation WO-1/20: missing in the MES",
                "operation WO-1/30: not in the ERP",
            ])
    }
}
