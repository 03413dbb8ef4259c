import ChangeEvents

/// What each configured table must be.
enum TableCheck {
    static func check(_ facts: SourceFacts, _ configuration: CaptureConfiguration) throws(CaptureError) {
        let found = Set(facts.tables.map(\.name))
        let missing = configuration.tables.filter { !found.contains($0) }
        if !missing.isEmpty { throw self.missing(missing, facts) }
        let oids = Set(facts.tables.map(\.oid))
        for table in facts.tables {
            try checkKind(table, among: oids, facts)
            try checkRights(table, facts)
            try checkIdentity(table)
        }
    }

    private static func missing(_ tables: [TableName], _ facts: SourceFacts) -> CaptureError {
        let names = tables.map { table in
            let suggestion = Suggestion.closest(to: table.description, among: facts.allTables.map(\.description))
            return table.description + (suggestion.map { " (did you mean \($0)?)" } ?? "")
        }
        return CaptureError(
            .missingTable,
            "Database \(facts.database) has no table\(names.count == 1 ? "" : "s") \(names.joined(separator: ", ")).",
            remedy: "Correct source.tables in the flow, or create the table\(names.count == 1 ? "" : "s").")
    }

    private static func checkKind(
        _ table: SourceFacts.Table, among configured: Set<UInt32>, _ facts: SourceFacts
    ) throws(CaptureError) {
        guard table.kind == "r" || table.kind == "p" else {
            let kind = ["v": "a view", "m": "a materialized view", "f": "a foreign table"][table.kind] ?? "no table"
            throw CaptureError(
                .unusableTable, "\(table.name) is \(kind); PostgreSQL tells no changes of it.",
                remedy: "Capture the tables it is made of.")
        }
        guard table.persistence == "p" else {
            let kind = table.persistence == "u" ? "unlogged" : "temporary"
            throw CaptureError(
                .unusableTable, "\(table.name) is \(kind); its changes are not in the WAL.",
                remedy: table.persistence == "u"
                    ? "Run ALTER TABLE \(table.name.sql) SET LOGGED." : "Take it out of source.tables.")
        }
        if let parent = facts.tables.first(where: { table.ancestors.contains($0.oid) }), configured.contains(parent.oid)
        {
            throw CaptureError(
                .unusableTable, "\(table.name) is a partition of \(parent.name), which is captured whole.",
                remedy: "Take \(table.name) out of source.tables.")
        }
    }

    private static func checkRights(_ table: SourceFacts.Table, _ facts: SourceFacts) throws(CaptureError) {
        if table.isReadable { return }
        throw CaptureError(
            .refused, "Role \(facts.role) may not read \(table.name).",
            remedy:
                "Run GRANT USAGE ON SCHEMA \(TableName.quoted(table.name.schema)) TO \(TableName.quoted(facts.role)); "
                + "GRANT SELECT ON \(table.name.sql) TO \(TableName.quoted(facts.role)).")
    }

    private static func checkIdentity(_ table: SourceFacts.Table) throws(CaptureError) {
        switch table.identity {
        case .full: return
        case .default where table.hasPrimaryKey: return
        case .index where table.hasIdentityIndex: return
        default: break
        }
        let found =
            switch table.identity {
            case .nothing: "REPLICA IDENTITY NOTHING"
            case .index: "a replica identity whose index is gone"
            default: "no primary key that can be its replica identity"
            }
        let remedy =
            table.identity == .nothing && table.hasPrimaryKey
            ? "DEFAULT" : table.candidateIndex.map { "USING INDEX \(TableName.quoted($0))" } ?? "FULL"
        throw CaptureError(
            .replicaIdentity, "\(table.name) has \(found): published, its updates and deletes would fail.",
            remedy: "Run ALTER TABLE \(table.name.sql) REPLICA IDENTITY \(remedy).")
    }
}
