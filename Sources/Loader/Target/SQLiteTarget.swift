import Foundation
package import SQLiteClient

/// An embedded MES: a SQLite database in WAL mode with `synchronous=FULL`, so that a commit survives a power cut.
package final class SQLiteTarget: LoadTarget {
    private let database: SQLiteDatabase
    private var position: SQLitePosition?
    private var snapshot: SQLiteSnapshot?
    /// A table that was altered is there once per list of columns, the newest last.
    private var tables: [SQLiteTable] = []

    package init(_ database: SQLiteDatabase) { self.database = database }

    /// Opens or creates the database.
    /// - Parameter wasThere: whether it could be opened before. Then it is not created, and that it is gone may pass: its disk may
    ///   come back.
    package convenience init(
        path: String, busyTimeout: Duration = SQLiteDatabase.defaultBusyTimeout, wasThere: Bool = false
    ) throws(LoaderError) {
        // An empty mount point would get a new database, and everything would be loaded into it.
        if wasThere, !FileManager.default.fileExists(atPath: path) { throw Self.gone("\(path) is not there any more.") }
        do throws(SQLiteError) {
            self.init(try SQLiteDatabase(path: path, busyTimeout: busyTimeout))
        } catch {
            throw wasThere && error.code == .cannotOpen ? Self.gone(error.message) : LoaderError(error)
        }
    }

    private static func gone(_ message: String) -> LoaderError {
        LoaderError(
            .storage, message,
            remedy: "Mount its disk or put the file back; to begin a new one, start edgebroker again.")
    }

    package var interrupter: SQLiteInterrupter { database.interrupter }

    package func claim(_ identity: LoadIdentity) throws(LoaderError) -> LoadState {
        try translate { () throws(SQLiteError) in try database.begin() }
        do throws(LoaderError) {
            let position = try SQLitePosition(identity, on: database)
            self.position = position
            tables = []
            let relations = try translate { () throws(SQLiteError) in
                snapshot = try SQLiteSnapshot(flow: identity.flow, on: database)
                let relations = try position.relations()
                try database.commit()
                return relations
            }
            return LoadState(
                position: position.position, relations: relations, isInSnapshot: snapshot?.isRunning == true)
        } catch {
            try rollBack()
            throw error
        }
    }

    package func begin() throws(LoaderError) {
        try translate { () throws(SQLiteError) in
            // Has no effect inside a transaction, so it stands before it.
            try database.execute("PRAGMA foreign_keys=\(snapshot?.isRunning == true ? "OFF" : "ON")")
            try database.begin()
            // Holds until the commit. Postgres decodes ON DELETE and ON UPDATE CASCADE parent first.
            try database.execute("PRAGMA defer_foreign_keys=ON")
        }
    }

    package func prepare(_ mapping: CompiledMapping) throws(LoaderError) -> Int {
        try SQLiteTableCheck.prepare(mapping, on: database)
        let table = SQLiteTable(mapping, on: database)
        try translate { () throws(SQLiteError) in try snapshot?.follow(table) }
        if let place = tables.lastIndex(where: { $0.name == table.name }), tables[place].hasColumns(of: table) {
            tables[place] = table
            return place
        }
        tables.append(table)
        return tables.count - 1
    }

    package func apply(_ effect: RowEffect, to table: Int) throws(LoaderError) {
        do throws(SQLiteError) {
            try tables[table].apply(effect)
        } catch {
            throw LoaderError(error)
        }
    }

    package func keep(relation: [UInt8], of topic: String) throws(LoaderError) {
        try translate { () throws(SQLiteError) in try position?.keep(relation: relation, of: topic) }
    }

    package func beginSnapshot(_ id: UInt64, targets: [String]) throws(LoaderError) {
        try translate { () throws(SQLiteError) in try snapshot?.begin(id, targets: targets, prepared: tables) }
    }

    package func endSnapshot(_ id: UInt64) throws(LoaderError) {
        let targets = snapshot?.targets ?? []
        try translate { () throws(SQLiteError) in try snapshot?.end(prepared: tables) }
        if let violation = try translate({ () throws(SQLiteError) in try violation(in: targets) }) {
            throw LoaderError(
                .foreignKeys, "after the snapshot \(violation).",
                remedy: "Load the parent table as well, with a filter that keeps the parents of every child.")
        }
    }

    package func commit(_ next: LoadPosition) throws(LoaderError) {
        guard let position else { preconditionFailure("A commit without a claim") }
        try position.advance(to: next)
        do throws(SQLiteError) {
            try database.commit()
        } catch {
            try settle(error, next)
        }
        self.position?.settle(next)
    }

    /// After a COMMIT that failed: whether it took effect all the same, the position tells.
    private func settle(_ error: SQLiteError, _ next: LoadPosition) throws(LoaderError) {
        if error.code == .constraint, database.isInTransaction {
            let orphan = try translate { () throws(SQLiteError) in try violation(in: []) }
            try rollBack()
            throw LoaderError(
                .foreignKeys, "after the whole transaction \(orphan ?? "a foreign key does not hold").",
                remedy: "Load the parent table as well, with a filter that keeps the parents of every child.")
        }
        try rollBack()
        let found = try translate { () throws(SQLiteError) in try position?.readBack() }
        if found != next { throw LoaderError(error, "commit") }
    }

    package func rollBack() throws(LoaderError) {
        try translate { () throws(SQLiteError) in try database.rollBack() }
    }

    /// The first row whose foreign key names no parent: "table operation, row op_no=10, order_no=WO-1 has no parent in
    /// production_order".
    /// - Parameter targets: tables of the flow besides the prepared ones.
    private func violation(in targets: [String]) throws(SQLiteError) -> String? {
        let own = Set(targets + tables.map(\.name))
        guard let orphan = try SQLiteOrphan.first(of: own, on: database) else { return nil }
        let (name, parent) = (orphan.table, orphan.parent)
        var key = ""
        if let table = tables.first(where: { $0.name.lowercased() == name.lowercased() }), case .integer = orphan.rowID
        {
            let statement = try database.prepare(
                "SELECT \(table.keyList) FROM \(SQLiteDatabase.quoted(name)) WHERE rowid = ?")
            key =
                try statement.rows([orphan.rowID]).first.map { " " + RowKeyText.text(zip(table.keyColumns, $0)) } ?? ""
        }
        return "table \(name), row\(key) has no parent in \(parent)"
    }

    private func translate<Result>(_ body: () throws(SQLiteError) -> Result) throws(LoaderError) -> Result {
        do throws(SQLiteError) {
            return try body()
        } catch {
            throw LoaderError(error)
        }
    }
}
