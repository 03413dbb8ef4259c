import SQLiteClient

/// The snapshot that is being loaded, if one is: which keys it has written, so that the other rows can go when it ends. Everything
/// is in the target, in the transactions of the rows, so a restart goes on with it.
struct SQLiteSnapshot {
    private let database: SQLiteDatabase
    private let flow: SQLiteValue
    /// The tables of the snapshot, and whether their keys are noted; `nil` for a table that was not prepared yet.
    private var noting: [String: Bool?]

    init(flow: String, on database: SQLiteDatabase) throws(SQLiteError) {
        self.database = database
        self.flow = .text(flow)
        noting = [:]
        let rows = try database.prepare("SELECT target, noting FROM edgebroker_snapshot WHERE flow = ?").rows([
            self.flow
        ])
        for row in rows {
            guard case .text(let target) = row[0] else { continue }
            noting.updateValue(row[1] == .null ? nil : row[1] == .integer(1), forKey: target)
        }
    }

    /// The tables that it fills.
    var targets: [String] { noting.keys.sorted() }

    /// Foreign keys are enforced while there is none.
    var isRunning: Bool { !noting.isEmpty }

    private static func seenTable(_ target: String) -> String { "edgebroker_seen_" + target }

    mutating func begin(_ id: UInt64, targets: [String], prepared: [SQLiteTable]) throws(SQLiteError) {
        for target in noting.keys { try drop(target) }
        try database.prepare("DELETE FROM edgebroker_snapshot WHERE flow = ?").run([flow])
        noting = [:]
        for table in prepared { try table.note(in: nil) }
        let insert = try database.prepare("INSERT INTO edgebroker_snapshot VALUES (?1, ?2, ?3, NULL)")
        for target in targets {
            try insert.run([flow, .text(target), .text(String(id))])
            noting.updateValue(nil, forKey: target)
        }
        for table in prepared { try follow(table) }
    }

    /// Begins or goes on to note what is written into `table`, if it is one of the snapshot's.
    mutating func follow(_ table: SQLiteTable) throws(SQLiteError) {
        guard let known = noting[table.name] else { return }
        let isNoted: Bool
        if let known {
            isNoted = known
        } else {
            let name = SQLiteDatabase.quoted(table.name)
            isNoted = try !database.prepare("SELECT 1 FROM \(name) LIMIT 1").rows().isEmpty
            if isNoted {
                try drop(table.name)
                let seen = SQLiteDatabase.quoted(Self.seenTable(table.name))
                // Takes over the affinities of the key, so that equal keys are equal in both.
                try database.execute("CREATE TABLE \(seen) AS SELECT \(table.keyList) FROM \(name) WHERE 0")
                let index = SQLiteDatabase.quoted(Self.seenTable(table.name) + "_key")
                try database.execute("CREATE UNIQUE INDEX \(index) ON \(seen) (\(table.keyList))")
            }
            try database.prepare("UPDATE edgebroker_snapshot SET noting = ?1 WHERE flow = ?2 AND target = ?3")
                .run([.integer(isNoted ? 1 : 0), flow, .text(table.name)])
            noting.updateValue(isNoted, forKey: table.name)
        }
        try table.note(in: isNoted ? Self.seenTable(table.name) : nil)
    }

    /// Removes what the snapshot did not contain.
    mutating func end(prepared: [SQLiteTable]) throws(SQLiteError) {
        for (target, isNoted) in noting.sorted(by: { $0.key < $1.key }) {
            let name = SQLiteDatabase.quoted(target)
            let table = prepared.last { $0.name == target }
            if let table, isNoted == true {
                let seen = SQLiteDatabase.quoted(Self.seenTable(target))
                let matches = table.keyColumns.map(SQLiteDatabase.quoted).map { "\(name).\($0) = \(seen).\($0)" }
                try database.execute(
                    """
                    DELETE FROM \(name) WHERE NOT EXISTS (SELECT 1 FROM \(seen) WHERE \(matches.joined(separator: " AND ")))
                    """)
            } else if isNoted == nil, try SQLiteTableCheck.type(of: target, on: database) == "table" {
                // Nothing of the table was ever told, so the snapshot has no row of it.
                try database.execute("DELETE FROM \(name)")
            }
            for table in prepared where table.name == target { try table.note(in: nil) }
            try drop(target)
        }
        try database.prepare("DELETE FROM edgebroker_snapshot WHERE flow = ?").run([flow])
        noting = [:]
    }

    private func drop(_ target: String) throws(SQLiteError) {
        try database.execute("DROP TABLE IF EXISTS \(SQLiteDatabase.quoted(Self.seenTable(target)))")
    }
}
