import CSQLite

/// One connection to one SQLite database. It belongs to one thread at a time and is not Sendable; every call may block on the
/// disk or on another writer, so it must not run on Swift's cooperative pool.
package final class SQLiteDatabase {
    package enum Access: Sendable {
        /// Created if absent, in WAL mode. A commit is on the disk when ``execute(_:)`` of COMMIT returns: WAL needs
        /// `synchronous=FULL` for that (NORMAL lost commits in power-cut tests).
        case readWrite
        /// For looking only: the file must exist.
        case readOnly
    }

    /// What a lock is waited for before `.busy` is thrown: longer than any healthy writer holds it, and short enough to leave
    /// a clean stop its ten seconds.
    package static let defaultBusyTimeout = Duration.seconds(5)

    /// For C functions that this module does not wrap. Valid as long as the database is.
    package let handle: OpaquePointer
    package let interrupter: SQLiteInterrupter
    /// For error messages: the path, or a name for a database in memory.
    package let name: String

    /// Opens a file.
    /// - Throws: `.cannotOpen`, `.refused`, `.corrupt` (a file that is no database), `.busy`.
    package init(
        path: String, _ access: Access = .readWrite, busyTimeout: Duration = SQLiteDatabase.defaultBusyTimeout
    ) throws(SQLiteError) {
        // An empty name would be a private temporary database, and ":memory:" or "file:" something else again.
        guard path.contains("/") || !path.isEmpty && !path.hasPrefix(":") && !path.hasPrefix("file:") else {
            throw SQLiteError(
                .cannotOpen, "\"\(path)\" is no path of a database file.",
                remedy: "Name a file, such as /var/lib/edgebroker/mes.db.")
        }
        let flags = access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
        handle = try Self.open(path, flags: flags, fileSystem: nil)
        interrupter = SQLiteInterrupter(handle)
        name = path
        sqlite3_busy_timeout(handle, Int32(clamping: busyTimeout.components.seconds * 1000))
        switch access {
        case .readWrite:
            // Waits for no lock: a database that is in WAL mode already stays in it while others use it.
            let mode = try prepare("PRAGMA journal_mode=WAL")
            guard try mode.step(), mode.text(at: 0).lowercased() == "wal" else {
                throw SQLiteError(
                    .cannotOpen, "\(path): write-ahead logging is not to be had there.",
                    remedy: "Keep the database on a local disk, not on a network file system.")
            }
            try mode.reset()
            try execute("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
        case .readOnly:
            try execute("PRAGMA query_only=ON")
        }
    }

    /// Opens an empty database in memory.
    /// - Parameter fileSystem: the registered `sqlite3_vfs` whose clock it uses; `nil` for SQLite's own.
    package init(inMemory name: String, fileSystem: String? = nil) throws(SQLiteError) {
        handle = try Self.open(":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, fileSystem: fileSystem)
        interrupter = SQLiteInterrupter(handle)
        self.name = name
        try execute("PRAGMA foreign_keys=ON")
    }

    deinit {
        interrupter.detach()
        // Statements that are still alive keep the connection until they are gone as well.
        sqlite3_close_v2(handle)
    }

    private static func open(
        _ path: String, flags: Int32, fileSystem: String?
    ) throws(SQLiteError) -> OpaquePointer {
        var opened: OpaquePointer?
        // One thread at a time uses the connection, so SQLite's own lock around every call would be waste.
        let result = sqlite3_open_v2(
            path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, fileSystem)
        guard result == SQLITE_OK, let opened else {
            let error = SQLiteError("\(path): open", result, of: opened)
            sqlite3_close_v2(opened)
            throw error
        }
        return opened
    }

    /// Runs statements that return nothing, one after the other, up to the first that fails.
    package func execute(_ sql: String) throws(SQLiteError) {
        let result = sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw SQLiteError("\(name): \(sql)", result, of: handle) }
    }

    /// Compiles one statement.
    /// - Throws: `.statement`, with where the mistake is; also if `sql` holds no statement or more than one.
    package func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        try SQLiteStatement(sql, on: self)
    }

    /// Runs `body` in a transaction, and rolls back if it throws.
    package func transaction<Result>(
        _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        try begin()
        do throws(SQLiteError) {
            let result = try body()
            try commit()
            return result
        } catch {
            try rollBack()
            throw error
        }
    }

    /// Takes the write lock at once, so that no later statement of the transaction can find it taken.
    package func begin() throws(SQLiteError) { try execute("BEGIN IMMEDIATE") }

    /// - Throws: after an error the transaction may have been rolled back, may still be open, and after `.storage` may even be
    ///   on the disk: call ``rollBack()`` and read back what the database holds.
    package func commit() throws(SQLiteError) { try execute("COMMIT") }

    /// Ends the open transaction, if there is one: SQLite itself has rolled back already after some errors.
    package func rollBack() throws(SQLiteError) {
        if isInTransaction { try execute("ROLLBACK") }
    }

    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Rows that the last INSERT, UPDATE or DELETE changed itself, triggers and cascades not counted.
    package var changes: Int64 { sqlite3_changes64(handle) }

    /// The last error message of the connection.
    package var lastMessage: String { String(cString: sqlite3_errmsg(handle)) }

    /// `name` as SQL takes it, whatever is in it.
    package static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
