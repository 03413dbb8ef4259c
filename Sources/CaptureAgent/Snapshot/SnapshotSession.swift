import ChangeEvents
import EdgeBroker
import Logging
import PostgresClient
import RecordFormat

/// Copies the captured tables as they were at a slot's consistent point into the log. It belongs to the capturing thread.
///
/// The walsender session that made the slot must stay untouched until ``begin()`` has returned: its snapshot lives until its
/// next command. Whatever fails, the next attempt takes a new snapshot under a new id.
final class SnapshotSession {
    /// What is read of one table: its columns are named, so that a column added meanwhile changes nothing.
    private struct Table {
        let captured: CapturedTables.Table
        let kind: String
        let description: TableDescription
    }

    private let tables: [(facts: SourceFacts.Table, captured: CapturedTables.Table)]
    private let connection: PostgresConnection
    private let writer: LogWriter
    private let publication: String
    private let limit: Int
    private let counters: CaptureCounters
    private let logger: Logger
    private let id: UInt64
    private let consistentPoint: LSN
    private let snapshotName: String

    private var sequence: Int64 = 0
    private var chunkRows = 0
    private var chunkBytes = 0

    private static let maximumChunkRows = 10_000
    private static let maximumChunkBytes = 4 << 20

    init(
        _ configuration: CaptureConfiguration,
        _ tables: [(facts: SourceFacts.Table, captured: CapturedTables.Table)], _ connection: PostgresConnection,
        _ writer: LogWriter, id: UInt64, consistentPoint: LSN, snapshotName: String,
        counters: CaptureCounters, logger: Logger
    ) {
        self.tables = tables
        self.connection = connection
        self.writer = writer
        self.id = id
        self.consistentPoint = consistentPoint
        self.snapshotName = snapshotName
        publication = configuration.publication
        limit = configuration.maximumUnsyncedBytes
        self.counters = counters
        self.logger = logger
    }

    /// - Returns: by topic, the descriptions that are in the log now.
    func run() throws(CaptureError) -> [String: [UInt8]] {
        let start = ContinuousClock.now
        let (plan, time) = try ask { () throws(PostgresError) in try begin() }
        try write(.snapshotBegin(id: id, topics: plan.map(\.captured.topic), consistentPoint: consistentPoint))
        var described: [String: [UInt8]] = [:]
        for table in plan {
            let description = table.description.encoded
            described[table.captured.topic] = description
            try write(.relation(topic: table.captured.topic, description: description))
        }
        let stamp = EventStamp(lsn: consistentPoint, transactionID: nil, commitTime: time, snapshot: id)
        for table in plan { try copy(table, stamp) }
        try endChunk()
        try write(.snapshotEnd(id: id, consistentPoint: consistentPoint), end: consistentPoint)
        try ask { () throws(PostgresError) in _ = try connection.simpleQuery("COMMIT") }
        logger.info(
            "Took the snapshot",
            metadata: [
                "snapshot": "\(id)", "rows": "\(sequence)", "tables": "\(plan.count)",
                "seconds": "\(start.duration(to: .now).components.seconds)",
            ])
        return described
    }

    // MARK: The plan

    /// Imports the snapshot and finds out what to read in it.
    private func begin() throws(PostgresError) -> ([Table], Int64) {
        try connection.simpleQuery(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                + "SET TRANSACTION SNAPSHOT \(try Quoting.literal(snapshotName)); "
                // Rather an error than a part of the rows.
                + "SET LOCAL row_security = off")
        for table in tables {
            let only = table.facts.kind == "p" ? "" : "ONLY "
            try connection.simpleQuery("LOCK TABLE \(only)\(table.captured.name.sql) IN ACCESS SHARE MODE")
        }
        try refuseReplaced()
        try refuseRewritten()
        let time = try connection.query(
            "SELECT (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint")
        guard let microseconds = time.single.flatMap({ Int64($0) }), EventTime.range.contains(microseconds) else {
            throw PostgresError(
                .protocolViolation, "The source's clock shows no time between the years 1 and 9999.",
                remedy: "Set its clock.")
        }
        let reader = CatalogueReader(connection: connection)
        let types = try reader.types()
        var plan: [TableName: Table] = [:]
        for table in tables {
            let relation = try reader.relation(table.facts.oid, table.captured.name, table.facts.identity)
            if relation.columns.isEmpty {
                throw PostgresError(
                    .server, "Table \(table.captured.name) shows no columns that can be captured.",
                    remedy: "If it has none, take it out of source.tables.")
            }
            let description = TableDescription(
                relation, as: table.captured.name, facts: try reader.facts(relation), types: types)
            plan[table.captured.name] = Table(
                captured: table.captured, kind: table.facts.kind, description: description)
        }
        let order = TableOrder.sorted(tables.map(\.captured.name), references: try references())
        return (order.compactMap { plan[$0] }, microseconds)
    }

    /// While the slot was made, a name may have gone to another table, or a table out of the publication: then the stream would
    /// not go on where the snapshot ends. Under our locks that can be seen, by functions that look past the snapshot.
    private func refuseReplaced() throws(PostgresError) {
        let result = try connection.query(
            """
            SELECT t.name FROM unnest($1::text[], $2::oid[]) AS t(name, oid)
            WHERE to_regclass(t.name)::oid IS DISTINCT FROM t.oid
                  OR t.oid NOT IN (SELECT relid FROM pg_get_publication_tables($3::text))
            """,
            [ArrayText.of(tables.map(\.captured.name.sql)), ArrayText.of(tables.map(\.facts.oid)), publication])
        guard let row = result.rows.first, let table = row.first else { return }
        throw PostgresError(
            .server, "Table \(table ?? "?") was replaced, or left the publication, while the snapshot began.",
            remedy: "A new snapshot is taken by itself.")
    }

    /// A table that was rewritten (ALTER TABLE, VACUUM FULL, TRUNCATE) after the snapshot looks empty in it, and the stream
    /// does not bring its rows either. Under our locks that can be seen: the snapshot knows another file than there is now.
    private func refuseRewritten() throws(PostgresError) {
        let result = try connection.query(
            """
            SELECT c.oid::regclass::text FROM pg_class c
            WHERE c.oid IN (SELECT unnest($1::oid[])
                            UNION SELECT t.relid FROM unnest($1::oid[]) o, pg_partition_tree(o::regclass) t)
                  AND c.relfilenode <> 0 AND c.relfilenode IS DISTINCT FROM pg_relation_filenode(c.oid)
            """, [ArrayText.of(tables.map(\.facts.oid))])
        guard let table = result.single else { return }
        throw PostgresError(
            .server, "Table \(table) was rewritten while the snapshot began.",
            remedy: "A new snapshot is taken by itself.")
    }

    private func references() throws(PostgresError) -> [(from: TableName, to: TableName)] {
        let result = try connection.query(
            "SELECT conrelid, confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY ($1::oid[])",
            [ArrayText.of(tables.map(\.facts.oid))])
        let names = Dictionary(tables.map { ($0.facts.oid, $0.captured.name) }, uniquingKeysWith: { $1 })
        return result.rows.indices.compactMap { index in
            let row = Row(result, index)
            guard let from = UInt32(row.text("conrelid")).flatMap({ names[$0] }),
                let to = UInt32(row.text("confrelid")).flatMap({ names[$0] })
            else { return nil }
            return (from, to)
        }
    }

    // MARK: The rows

    private func copy(_ table: Table, _ stamp: EventStamp) throws(CaptureError) {
        logger.debug("Reading a table", metadata: ["table": "\(table.captured.name)", "snapshot": "\(id)"])
        let rows = try ask(table) { () throws(PostgresError) in try connection.copyOut(Self.statement(table)) }
        do throws(CaptureError) {
            try copy(rows, table, stamp)
        } catch {
            // Nobody needs this session any more, and to cancel it in order takes a server that answers.
            rows.abandon()
            throw error
        }
    }

    private func copy(_ rows: CopyOut, _ table: Table, _ stamp: EventStamp) throws(CaptureError) {
        let plain = PlainTable(table.description)
        let columns = table.description.columns.count
        var encoder = PlainEncoder()
        var line = CopyLine()
        while let bytes = try ask(table, { () throws(PostgresError) in try rows.next() }) {
            let tuple = try line.decode(bytes, columns: columns)
            let change = RowChange(operation: .snapshotRow, sequence: sequence, after: tuple)
            let row = line.bytes.withUnsafeBytes { encoder.encode(change, of: plain, stamp: stamp, in: $0) }
            let record = Record(
                key: row.key, value: row.value, headers: stamp.headers(sequence: sequence), timestamp: stamp.timestamp)
            try writer.append(record, to: table.captured.topic)
            sequence += 1
            chunkRows += 1
            chunkBytes += row.value.count + (row.key?.count ?? 0)
            if chunkRows >= Self.maximumChunkRows || chunkBytes >= Self.maximumChunkBytes { try endChunk() }
        }
    }

    private static func statement(_ table: Table) -> String {
        let list = table.description.columns.map { TableName.quoted($0.name) }.joined(separator: ", ")
        let name = table.captured.name.sql
        // COPY reads a table itself and nothing below it; a partitioned table has no rows itself.
        return table.kind == "p"
            ? "COPY (SELECT \(list) FROM \(name)) TO STDOUT"
            : "COPY \(name) (\(list)) TO STDOUT"
    }

    private func endChunk() throws(CaptureError) {
        let rows = chunkRows
        chunkRows = 0
        chunkBytes = 0
        if rows == 0 { return }
        let ranges = try writer.takeRanges()
        try writer.write(.snapshotChunk(id: id, ranges: ranges)) { [counters] in
            counters.update { $0.snapshotRows += rows }
        }
        // The walsender session is idle, nobody waits for an answer: the disk may take its time.
        if !writer.source.hasRoom(limit) {
            try writer.wait { () throws(CaptureError) in self.writer.source.hasRoom(self.limit / 2) }
        }
        try writer.collect()
        try writer.stop.check()
    }

    private func write(_ record: TransactionIndexRecord, end: LSN? = nil) throws(CaptureError) {
        try writer.write(record, end: end)
    }

    private func ask<T>(_ table: Table, _ body: () throws(PostgresError) -> T) throws(CaptureError) -> T {
        do throws(PostgresError) {
            return try body()
        } catch {
            throw CaptureError(error, reading: table.captured.name)
        }
    }

    private func ask<T>(_ body: () throws(PostgresError) -> T) throws(CaptureError) -> T {
        do throws(PostgresError) {
            return try body()
        } catch {
            throw CaptureError(error, "The snapshot broke off")
        }
    }
}
