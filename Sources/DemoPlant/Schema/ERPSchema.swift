package import PostgresClient

/// What creates the demonstration ERP in an empty database.
package enum ERPSchema {
    /// One statement each, to be run in this order.
    /// - Parameter history: also keeps ``ERPHistory``, which doubles what the ERP writes.
    static func statements(history: Bool) -> [String] {
        ["create schema erp"] + ERPTable.all.flatMap(\.statements) + [createProgress]
            + (history ? ERPHistory.statements : [])
    }

    /// Creates the ERP, or nothing.
    package static func create(on connection: PostgresConnection, history: Bool) throws(PostgresError) {
        try connection.query("begin")
        for statement in statements(history: history) { try connection.query(statement) }
        try connection.query("commit")
    }

    /// How far each lane of the generator is. Updated inside every one of its transactions and captured by nobody, it tells
    /// whether a transaction whose COMMIT got no answer took place.
    private static let createProgress = """
        create table erp.generator_progress (lane integer primary key, transactions bigint not null)
        """
}
