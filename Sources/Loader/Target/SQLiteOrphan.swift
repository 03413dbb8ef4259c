import SQLiteClient

/// A row whose foreign key names no parent.
struct SQLiteOrphan {
    let table: String
    /// NULL in a table without them.
    let rowID: SQLiteValue
    let parent: String

    /// The first one that loading `tables` can have made: a row of theirs, or one elsewhere that lost its parent in them. What else
    /// a database has of old orphans is its owner's business.
    static func first(of tables: Set<String>, on database: SQLiteDatabase) throws(SQLiteError) -> SQLiteOrphan? {
        // A table of which a snapshot told nothing may not be there.
        for table in tables.sorted() where try SQLiteTableCheck.type(of: table, on: database) == "table" {
            let orphans = try database.prepare(
                "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check(?) LIMIT 1"
            ).rows([.text(table)])
            if let orphan = orphans.first.flatMap(Self.init) { return orphan }
        }
        for parent in tables.sorted() {
            let children = try database.prepare(
                """
                SELECT DISTINCT child.name FROM sqlite_schema AS child, pragma_foreign_key_list(child.name) AS reference
                WHERE child.type = 'table' AND reference."table" = ?1 COLLATE NOCASE ORDER BY child.name
                """
            ).rows([.text(parent)])
            for child in children {
                let orphans = try database.prepare(
                    """
                    SELECT "table", rowid, parent FROM pragma_foreign_key_check(?1) WHERE parent = ?2 COLLATE NOCASE LIMIT 1
                    """
                ).rows(child + [.text(parent)])
                if let orphan = orphans.first.flatMap(Self.init) { return orphan }
            }
        }
        return nil
    }

    private init?(_ row: [SQLiteValue]) {
        guard case .text(let table) = row[0], case .text(let parent) = row[2] else { return nil }
        self.table = table
        rowID = row[1]
        self.parent = parent
    }
}
