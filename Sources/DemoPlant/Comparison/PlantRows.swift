package import PostgresClient
package import SQLiteClient

/// The rows that the ERP says the MES must have, all tables at one point.
package struct ExpectedRows: Sendable {
    /// By the MES' table name.
    let tables: [String: [[String?]]]

    package init(_ erp: PostgresConnection) throws(PostgresError) {
        try erp.query("begin isolation level repeatable read read only")
        var tables: [String: [[String?]]] = [:]
        for table in ComparedTable.all { tables[table.name] = try erp.query(table.expected).rows }
        try erp.query("commit")
        self.tables = tables
    }
}

extension ExpectedRows {
    /// Of the MES.
    package var tableNames: [String] { Array(tables.keys) }

    /// In the order of the table's columns.
    package func rows(of table: String) -> [[String?]] { tables[table] ?? [] }
}

/// The rows that the MES has, all tables at one point.
package struct ActualRows: Sendable {
    /// By table name.
    let tables: [String: [[SQLiteValue]]]

    package init(_ mes: SQLiteDatabase) throws(SQLiteError) {
        try mes.execute("begin")
        var tables: [String: [[SQLiteValue]]] = [:]
        for table in ComparedTable.all { tables[table.name] = try mes.prepare(table.actual).rows() }
        try mes.execute("commit")
        self.tables = tables
    }
}
