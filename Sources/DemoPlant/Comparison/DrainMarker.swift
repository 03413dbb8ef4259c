package import PostgresClient
package import RecordFormat

/// A last change of the ERP by which one can tell that everything before it has arrived.
package struct DrainMarker: Sendable, Equatable {
    /// The key of its row, in `erp.machine_log` and in the MES' `machine_log`. Below zero, which no generator gives.
    package let row: Int64
    /// The WAL's end when it was committed. A MES at or past it has it, even if the table was emptied again since.
    package let committedBy: LSN
    package let committedAt: ContinuousClock.Instant

    /// Commits a marker. What others commit at the same time is not waited for.
    package static func set(_ erp: PostgresConnection) throws(PostgresError) -> DrainMarker {
        let row = try erp.query(
            """
            insert into erp.machine_log (id, machine, recorded_at, signal)
            select -extract(epoch from clock_timestamp()) * 1000000, 'BAZ-5-A', now(), 'end_of_shift'
            returning id
            """
        ).single
        let now = ContinuousClock.now
        let end = try erp.query("select pg_current_wal_insert_lsn()").single
        guard let row = row.flatMap({ Int64($0) }), let end = end.flatMap({ LSN($0) }) else {
            preconditionFailure("The marker's row or WAL position is not as written")
        }
        return DrainMarker(row: row, committedBy: end, committedAt: now)
    }
}
