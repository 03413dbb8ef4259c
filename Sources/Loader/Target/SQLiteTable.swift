import SQLiteClient

/// The statements that load one table, each prepared when it is first needed.
final class SQLiteTable {
    let name: String
    private let database: SQLiteDatabase
    private let columns: [String]
    private let key: [Int]
    private var upsertStatement: SQLiteStatement?
    private var deleteStatement: SQLiteStatement?
    private var truncateStatement: SQLiteStatement?
    private var updateStatements: [[Int]: SQLiteStatement] = [:]
    private var moveStatements: [[Int]: SQLiteStatement] = [:]
    /// Set while a snapshot's rows are noted.
    private var noteStatement: SQLiteStatement?

    init(_ mapping: CompiledMapping, on database: SQLiteDatabase) {
        name = mapping.mapping.target
        self.database = database
        columns = mapping.columns.map(\.name)
        key = mapping.key
    }

    private static func quoted(_ name: String) -> String { SQLiteDatabase.quoted(name) }
    private var quotedName: String { Self.quoted(name) }
    private func list(_ places: [Int]) -> String { places.map { Self.quoted(columns[$0]) }.joined(separator: ", ") }
    private func matches(_ places: [Int]) -> String {
        places.map { "\(Self.quoted(columns[$0])) = ?" }.joined(separator: " AND ")
    }
    var keyList: String { list(key) }
    var keyColumns: [String] { key.map { columns[$0] } }

    func hasColumns(of other: SQLiteTable) -> Bool { columns == other.columns && key == other.key }

    func apply(_ effect: RowEffect) throws(SQLiteError) {
        switch effect {
        case .upsert(let values):
            try upsert().run(values)
            if let noteStatement { try noteStatement.run(key.map { values[$0] }) }
        case .update(let key, let columns, let values):
            try update(columns).run(columns.indices.filter { !self.key.contains(columns[$0]) }.map { values[$0] } + key)
            try checkFound()
            if let noteStatement { try noteStatement.run(key) }
        case .move(let old, let columns, let values):
            try move(columns).run(values + old)
            try checkFound()
            if let noteStatement {
                try noteStatement.run(key.compactMap { place in columns.firstIndex(of: place).map { values[$0] } })
            }
        case .delete(let key):
            try delete().run(key)
        case .truncate:
            try truncate().run()
        }
    }

    /// After an update that tells only a part of the row.
    private func checkFound() throws(SQLiteError) {
        if database.changes == 1 { return }
        throw SQLiteError(
            .constraint,
            "The row is not in the target, and the update does not tell the columns that are stored out of line and did not change.",
            remedy: "Set REPLICA IDENTITY FULL on the source table, or load it anew with another snapshot.")
    }

    private func upsert() throws(SQLiteError) -> SQLiteStatement {
        if let upsertStatement { return upsertStatement }
        let others = columns.indices.filter { !key.contains($0) }
        let assignments = others.map { "\(Self.quoted(columns[$0])) = excluded.\(Self.quoted(columns[$0]))" }
        let action = others.isEmpty ? "NOTHING" : "UPDATE SET " + assignments.joined(separator: ", ")
        let statement = try database.prepare(
            """
            INSERT INTO \(quotedName) (\(list(Array(columns.indices)))) \
            VALUES (\(columns.map { _ in "?" }.joined(separator: ", "))) ON CONFLICT (\(keyList)) DO \(action)
            """)
        upsertStatement = statement
        return statement
    }

    private func update(_ places: [Int]) throws(SQLiteError) -> SQLiteStatement {
        if let statement = updateStatements[places] { return statement }
        let others = places.filter { !key.contains($0) }
        // Also when nothing but the key is known the row must be there.
        let assignments =
            others.isEmpty
            ? key.prefix(1).map { "\(Self.quoted(columns[$0])) = \(Self.quoted(columns[$0]))" }
            : others.map { "\(Self.quoted(columns[$0])) = ?" }
        let statement = try database.prepare(
            "UPDATE \(quotedName) SET \(assignments.joined(separator: ", ")) WHERE \(matches(key))")
        updateStatements[places] = statement
        return statement
    }

    private func move(_ places: [Int]) throws(SQLiteError) -> SQLiteStatement {
        if let statement = moveStatements[places] { return statement }
        let assignments = places.map { "\(Self.quoted(columns[$0])) = ?" }.joined(separator: ", ")
        let statement = try database.prepare("UPDATE \(quotedName) SET \(assignments) WHERE \(matches(key))")
        moveStatements[places] = statement
        return statement
    }

    private func delete() throws(SQLiteError) -> SQLiteStatement {
        if let deleteStatement { return deleteStatement }
        let statement = try database.prepare("DELETE FROM \(quotedName) WHERE \(matches(key))")
        deleteStatement = statement
        return statement
    }

    private func truncate() throws(SQLiteError) -> SQLiteStatement {
        if let truncateStatement { return truncateStatement }
        let statement = try database.prepare("DELETE FROM \(quotedName)")
        truncateStatement = statement
        return statement
    }

    /// Notes the keys of upserted rows in `table`, or notes none.
    func note(in table: String?) throws(SQLiteError) {
        noteStatement = try table.map { table throws(SQLiteError) in
            try database.prepare(
                "INSERT OR IGNORE INTO \(Self.quoted(table)) VALUES (\(key.map { _ in "?" }.joined(separator: ", ")))")
        }
    }
}
