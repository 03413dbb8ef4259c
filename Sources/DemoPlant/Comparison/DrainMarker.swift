package import PostgresClient

/// A last change of the ERP by which one can tell that everything before it has arrived.
package enum DrainMarker {
    /// Changes the ERP once more. What others change at the same time is not waited for.
    ///
    /// - Returns: a WAL position, `X/Y`. Once the MES' own position is past it, every change is in the MES.
    package static func set(_ erp: PostgresConnection) throws(PostgresError) -> String {
        try erp.query("begin")
        // Numbers below zero, which no generator gives.
        try erp.query(
            """
            insert into erp.machine_log (id, machine, recorded_at, signal)
            select least(min(id), 0) - 1, 'BAZ-5-A', now(), 'end_of_shift' from erp.machine_log
            """)
        // The commit record will lie at or behind this, and its end is what the MES gets as its position.
        let position = try erp.query("select pg_current_wal_insert_lsn()").single
        try erp.query("commit")
        guard let position else { preconditionFailure("pg_current_wal_insert_lsn() is never NULL on a primary") }
        return position
    }
}
