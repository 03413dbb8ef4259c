import SQLiteClient

/// Creates the table of a mapping, or finds out whether the one that is there can be loaded.
enum SQLiteTableCheck {
    /// A table that takes all columns of its source gets those that the source got in the meantime.
    /// - Throws: `.configuration` naming what is missing.
    static func prepare(_ mapping: CompiledMapping, on database: SQLiteDatabase) throws(LoaderError) {
        do throws(SQLiteError) {
            guard let type = try type(of: mapping.mapping.target, on: database) else {
                return try database.execute(definition(of: mapping))
            }
            guard type == "table" else {
                throw SQLiteError(.refused, "it is a \(type).", remedy: "Load into a table.")
            }
            try checkColumns(mapping, on: database)
        } catch {
            guard error.code == .refused else { throw LoaderError(error, "table \(mapping.mapping.target)") }
            throw LoaderError(
                .configuration, "Table \(mapping.mapping.target) cannot be loaded: \(error.message)",
                remedy: error.remedy)
        }
    }

    static func type(of name: String, on database: SQLiteDatabase) throws(SQLiteError) -> String? {
        let found = try database.prepare("SELECT type FROM sqlite_schema WHERE name = ?1 COLLATE NOCASE")
            .rows([.text(name)])
        guard case .text(let type)? = found.first?.first else { return nil }
        return type
    }

    /// Foreign keys are for whoever owns the schema; the Loader defers those that it finds.
    private static func definition(of mapping: CompiledMapping) -> String {
        let columns = mapping.columns.enumerated().map { place, column in
            [
                SQLiteDatabase.quoted(column.name), column.declaredType ?? "",
                mapping.key.contains(place) ? "NOT NULL" : "",
            ].filter { !$0.isEmpty }.joined(separator: " ")
        }
        let key = mapping.key.map { SQLiteDatabase.quoted(mapping.columns[$0].name) }.joined(separator: ", ")
        return """
            CREATE TABLE \(SQLiteDatabase.quoted(mapping.mapping.target)) (
              \(columns.joined(separator: ",\n  ")),
              PRIMARY KEY (\(key))
            )
            """
    }

    private static func checkColumns(_ mapping: CompiledMapping, on database: SQLiteDatabase) throws(SQLiteError) {
        let table = SQLiteValue.text(mapping.mapping.target)
        var present: [String: (isGenerated: Bool, isPrimaryKey: Bool)] = [:]
        for row in try database.prepare("SELECT lower(name), hidden, pk FROM pragma_table_xinfo(?)").rows([table]) {
            if case .text(let name) = row[0] { present[name] = (row[1] != .integer(0), row[2] != .integer(0)) }
        }
        for (place, column) in mapping.columns.enumerated() {
            guard let found = present[column.name.lowercased()] else {
                if mapping.mapping.columns == nil, !mapping.key.contains(place) {
                    try add(column, to: mapping.mapping.target, on: database)
                    continue
                }
                let type = column.declaredType.map { " " + $0 } ?? ""
                throw SQLiteError(
                    .refused, "it has no column \(column.name).",
                    remedy:
                        "Add it (ALTER TABLE \(SQLiteDatabase.quoted(mapping.mapping.target)) ADD COLUMN \(SQLiteDatabase.quoted(column.name))\(type)), or map other columns."
                )
            }
            if found.isGenerated {
                throw SQLiteError(
                    .refused, "its column \(column.name) is generated.", remedy: "Leave the column out of the mapping.")
            }
        }
        try checkKey(mapping, Set(present.filter(\.value.isPrimaryKey).keys), on: database)
    }

    /// The rows that are there have no value of it, so it may be NULL. Without a type it keeps every value as it is.
    private static func add(
        _ column: TargetColumn, to table: String, on database: SQLiteDatabase
    ) throws(SQLiteError) {
        let isStrict = try database.prepare("SELECT 1 FROM pragma_table_list(?) WHERE strict").rows([.text(table)])
        let type = isStrict.isEmpty ? "" : " ANY"
        try database.execute(
            "ALTER TABLE \(SQLiteDatabase.quoted(table)) ADD COLUMN \(SQLiteDatabase.quoted(column.name))\(type)")
    }

    private static func checkKey(
        _ mapping: CompiledMapping, _ primaryKey: Set<String>, on database: SQLiteDatabase
    ) throws(SQLiteError) {
        let table = SQLiteValue.text(mapping.mapping.target)
        let key = Set(mapping.key.map { mapping.columns[$0].name.lowercased() })
        if primaryKey == key { return }
        let indexes = try database.prepare("SELECT name FROM pragma_index_list(?) WHERE \"unique\" AND NOT partial")
            .rows([table])
        for index in indexes {
            let columns = try database.prepare("SELECT lower(name) FROM pragma_index_info(?)").rows(index)
            if Set(columns.flatMap { $0 }) == Set(key.map { .text($0) }) { return }
        }
        throw SQLiteError(
            .refused, "it has no primary key or unique index over exactly \(key.sorted().joined(separator: ", ")).",
            remedy: "Add one, or name the columns of its primary key with `key:`.")
    }
}
