/// The rows of a statement, as the text that Postgres sent.
package struct PostgresResult: Sendable, Equatable {
    package let columns: [String]
    package let rows: [[String?]]
    /// Rows inserted, updated, deleted or copied; 0 for other statements.
    package let affectedRows: Int

    package var isEmpty: Bool { rows.isEmpty }

    /// The value in `column` of row `row`; nil is SQL's NULL. The statement is ours, so both exist.
    package subscript(row: Int, column: String) -> String? {
        guard let index = columns.firstIndex(of: column) else {
            preconditionFailure("No column \(column) among \(columns)")
        }
        return rows[row][index]
    }

    /// The first value of the first row; nil if it is NULL or there is no row.
    package var single: String? { rows.first?.first ?? nil }
}
