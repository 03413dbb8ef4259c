import ChangeEvents
import PostgresClient
import RecordFormat

/// Asks the source for ``SourceFacts``. Blocking.
struct FactReader {
    let connection: PostgresConnection
    let configuration: CaptureConfiguration

    /// - Parameter system: what `IDENTIFY_SYSTEM` said on a walsender session of the same server.
    func facts(_ system: SourceFacts.System) throws(CaptureError) -> SourceFacts {
        do throws(PostgresError) {
            let result = try connection.query(
                """
                SELECT current_setting('wal_level') AS wal_level, current_setting('server_encoding') AS encoding,
                       current_user::text AS role, current_database()::text AS database,
                       has_database_privilege(current_database(), 'CREATE') AS may_create,
                       (SELECT count(*) FROM pg_replication_slots) AS slots,
                       current_setting('max_replication_slots') AS slot_limit,
                       (SELECT setting FROM pg_settings WHERE name = 'wal_sender_timeout') AS sender_timeout
                """)
            let row = Row(result, 0)
            var facts = SourceFacts(
                serverVersion: connection.serverVersion, walLevel: row.text("wal_level"),
                encoding: row.text("encoding"),
                role: row.text("role"), database: row.text("database"), system: system, tables: try tables())
            facts.mayCreateInDatabase = row.flag("may_create")
            facts.slotsInUse = Int(row.text("slots")) ?? 0
            facts.slotLimit = Int(row.text("slot_limit")) ?? 0
            if let timeout = Int64(row.text("sender_timeout")), timeout > 0 {
                facts.senderTimeout = .milliseconds(timeout)
            }
            if facts.tables.count < configuration.tables.count { facts.allTables = try allTables() }
            facts.publication = try publication()
            facts.slot = try slot()
            return facts
        } catch {
            throw CaptureError(error, "Cannot look at the source")
        }
    }

    private func tables() throws(PostgresError) -> [SourceFacts.Table] {
        let result = try connection.query(
            """
            SELECT n.nspname, c.relname, c.oid, c.relkind, c.relpersistence, c.relreplident,
                   EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid
                           AND i.indisprimary AND i.indisvalid AND i.indimmediate) AS has_primary_key,
                   EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid
                           AND i.indisreplident AND i.indisvalid AND i.indimmediate) AS has_identity_index,
                   (SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                    WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
                          AND i.indpred IS NULL AND i.indexprs IS NULL
                          AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[]) k
                                          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k
                                          WHERE NOT a.attnotnull)
                    ORDER BY x.relname LIMIT 1) AS candidate,
                   pg_has_role(c.relowner, 'USAGE') AS is_owned,
                   has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS is_readable,
                   ARRAY(SELECT relid::oid FROM pg_partition_ancestors(c.oid) WHERE relid <> c.oid)::text AS ancestors
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE (n.nspname, c.relname) IN (SELECT * FROM unnest($1::text[]::name[], $2::text[]::name[]))
                  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            """,
            [
                ArrayText.of(configuration.tables.map(\.schema)), ArrayText.of(configuration.tables.map(\.name)),
            ])
        var found: [TableName: SourceFacts.Table] = [:]
        for index in result.rows.indices {
            let row = Row(result, index)
            let name = TableName(schema: row.text("nspname"), name: row.text("relname"))
            var table = SourceFacts.Table(
                oid: UInt32(row.text("oid")) ?? 0, name: name, kind: row.text("relkind"),
                persistence: row.text("relpersistence"), identity: Self.identity(row.text("relreplident")))
            table.hasPrimaryKey = row.flag("has_primary_key")
            table.hasIdentityIndex = row.flag("has_identity_index")
            table.candidateIndex = row.optional("candidate")
            table.isOwned = row.flag("is_owned")
            table.isReadable = row.flag("is_readable")
            table.ancestors = ArrayText.numbers(row.text("ancestors"))
            found[name] = table
        }
        return configuration.tables.compactMap { found[$0] }
    }

    static func identity(_ letter: String) -> ReplicaIdentity {
        switch letter {
        case "f": .full
        case "i": .index
        case "n": .nothing
        default: .default
        }
    }

    private func allTables() throws(PostgresError) -> [TableName] {
        let result = try connection.query(
            """
            SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' LIMIT 20000
            """)
        return result.rows.indices.map { index in
            let row = Row(result, index)
            return TableName(schema: row.text("nspname"), name: row.text("relname"))
        }
    }

    private func publication() throws(PostgresError) -> SourceFacts.Publication? {
        let result = try connection.query(
            """
            SELECT puballtables, pg_has_role(pubowner, 'USAGE') AS is_owned,
                   pubinsert AND pubupdate AND pubdelete AND pubtruncate AS everything,
                   pubviaroot AS via_root
            FROM pg_publication WHERE pubname = $1
            """, [configuration.publication])
        if result.isEmpty { return nil }
        let row = Row(result, 0)
        var publication = SourceFacts.Publication()
        publication.isForAllTables = row.flag("puballtables")
        publication.isOwned = row.flag("is_owned")
        publication.publishesEverything = row.flag("everything")
        publication.publishesViaRoot = row.flag("via_root")
        // Row filters, column lists and schemas came with 15.
        let isRestricted =
            connection.serverVersion >= 150_000 ? "r.prqual IS NOT NULL OR r.prattrs IS NOT NULL" : "false"
        let tables = try connection.query(
            """
            SELECT r.prrelid, \(isRestricted) AS is_restricted FROM pg_publication_rel r
            JOIN pg_publication p ON p.oid = r.prpubid WHERE p.pubname = $1
            """, [configuration.publication])
        for index in tables.rows.indices {
            let row = Row(tables, index)
            guard let oid = UInt32(row.text("prrelid")) else { continue }
            publication.tables.insert(oid)
            if row.flag("is_restricted") { publication.restricted.insert(oid) }
        }
        if connection.serverVersion >= 150_000 {
            let schemas = try connection.query(
                """
                SELECT count(*) FROM pg_publication_namespace s
                JOIN pg_publication p ON p.oid = s.pnpubid WHERE p.pubname = $1
                """, [configuration.publication])
            publication.hasSchemas = schemas.single != "0"
        }
        return publication
    }

    private func slot() throws(PostgresError) -> SourceFacts.Slot? {
        let result = try connection.query(
            """
            SELECT slot_type, plugin, database, active_pid, confirmed_flush_lsn, wal_status
            FROM pg_replication_slots WHERE slot_name = $1
            """, [configuration.slot])
        if result.isEmpty { return nil }
        let row = Row(result, 0)
        var slot = SourceFacts.Slot(
            database: row.text("database"), confirmed: row.optional("confirmed_flush_lsn").flatMap { LSN($0) })
        slot.isLogical = row.text("slot_type") == "logical"
        slot.plugin = row.text("plugin")
        slot.activeProcess = row.optional("active_pid").flatMap { Int32($0) }
        slot.walStatus = row.text("wal_status")
        return slot
    }
}

/// One row of a result by column names.
struct Row {
    private let result: PostgresResult
    private let index: Int

    init(_ result: PostgresResult, _ index: Int) {
        self.result = result
        self.index = index
    }

    func optional(_ column: String) -> String? { result[index, column] }
    /// NULL is empty.
    func text(_ column: String) -> String { optional(column) ?? "" }
    func flag(_ column: String) -> Bool { optional(column) == "t" }
}

/// Postgres' text of arrays, for parameters and simple answers.
enum ArrayText {
    static func of(_ texts: [String]) -> String {
        let quoted = texts.map { text in
            var quoted = "\""
            for scalar in text.unicodeScalars {
                if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
                quoted.unicodeScalars.append(scalar)
            }
            return quoted + "\""
        }
        return "{\(quoted.joined(separator: ","))}"
    }

    static func of(_ numbers: [some FixedWidthInteger]) -> String {
        "{\(numbers.map { String($0) }.joined(separator: ","))}"
    }

    /// The numbers of an array of them.
    static func numbers(_ text: String) -> [UInt32] {
        text.split { $0 == "{" || $0 == "}" || $0 == "," }.compactMap { UInt32($0) }
    }
}
