import SQLiteClient

/// Whether the MES holds what the ERP says it must, row by row.
package struct PlantComparison: Sendable {
    /// The rows of the MES that were looked at.
    package let rowCount: Int
    package let tableCount: Int
    package let differenceCount: Int
    /// The first ones, a line each: table, key, column, both values.
    package let differences: [String]

    private static let shownAtMost = 20

    package var isEqual: Bool { differenceCount == 0 }

    /// `equal, 812 rows in 5 tables`, or what is different.
    package var summary: String {
        if isEqual { return "equal, \(rowCount) rows in \(tableCount) tables" }
        return "different, \(differenceCount) differences in \(rowCount) rows of \(tableCount) tables"
    }

    package init(_ expected: ExpectedRows, _ actual: ActualRows) {
        self.init(expected.tables, actual.tables)
    }

    init(_ expected: [String: [[String?]]], _ actual: [String: [[SQLiteValue]]]) {
        var differences: [String] = []
        for table in ComparedTable.all {
            differences += Self.differences(in: table, expected[table.name] ?? [], actual[table.name] ?? [])
        }
        rowCount = actual.values.reduce(0) { $0 + $1.count }
        tableCount = ComparedTable.all.count
        differenceCount = differences.count
        self.differences = Array(differences.prefix(Self.shownAtMost))
    }

    private static func differences(
        in table: ComparedTable, _ expected: [[String?]], _ actual: [[SQLiteValue]]
    ) -> [String] {
        var found: [String] = []
        var remaining: [[String?]: [SQLiteValue]] = [:]
        for row in actual {
            let key = row.prefix(table.keyCount).map { ComparedCell(expected: nil, actual: $0).actualText }
            if remaining.updateValue(row, forKey: key) != nil {
                found.append("\(table.name) \(shown(key)): twice in the MES")
            }
        }
        for row in expected {
            let key = Array(row.prefix(table.keyCount))
            guard let other = remaining.removeValue(forKey: key) else {
                found.append("\(table.name) \(shown(key)): missing in the MES")
                continue
            }
            for (index, column) in table.columns.enumerated() {
                let cell = ComparedCell(expected: row[index], actual: other[index])
                if !cell.isEqual { found.append("\(table.name) \(shown(key)) \(column): \(cell.description)") }
            }
        }
        found += remaining.keys.map(shown).sorted().map { "\(table.name) \($0): not in the ERP" }
        return found
    }

    private static func shown(_ key: [String?]) -> String { key.map { $0 ?? "NULL" }.joined(separator: "/") }
}
