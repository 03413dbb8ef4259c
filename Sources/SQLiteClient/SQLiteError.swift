import CSQLite

/// What SQLite could not do: a code to switch on, a sentence with the values, and what to do about it.
///
/// Bound values never appear in it, except where SQLite itself names a table or a column.
package struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// Somebody else held the lock for longer than the busy timeout. The same call may succeed later.
        case busy
        /// No room on that disk. The transaction is gone; the same one may succeed later.
        case noSpace
        /// A read, write or sync failed.
        case storage
        /// The file is damaged, or is no SQLite database.
        case corrupt
        /// The file cannot be opened or created, or is not in the mode that was asked for.
        case cannotOpen
        /// This user or this connection may not write there.
        case refused
        /// A primary key, unique, foreign key, check or not-null rule of the database forbids the row.
        case constraint
        /// A value of another type than the column takes.
        case mismatch
        /// A string, a blob or a statement is larger than SQLite takes.
        case tooLarge
        /// ``SQLiteInterrupter/interrupt()`` was called.
        case interrupted
        /// The authorizer forbids it.
        case forbidden
        /// SQL that is wrong, names something absent, or raised an error itself.
        case statement
    }

    package let code: Code
    /// SQLite's own number, https://www.sqlite.org/rescode.html.
    package let extendedCode: Int32
    package let message: String
    package let remedy: String
    /// Where in the SQL the mistake is, in bytes from its start, if SQLite can tell.
    package let sqlOffset: Int?

    package init(
        _ code: Code, extendedCode: Int32 = 0, _ message: String, remedy: String, sqlOffset: Int? = nil
    ) {
        self.code = code
        self.extendedCode = extendedCode
        self.message = message
        self.remedy = remedy
        self.sqlOffset = sqlOffset
    }

    package var description: String { remedy.isEmpty ? message : "\(message) \(remedy)" }

    /// The last error of `handle` in the words of this module.
    /// - Parameter what: what was being done, without a full stop: "mes.db: BEGIN".
    init(_ what: String, _ resultCode: Int32, of handle: OpaquePointer?) {
        let reason = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(resultCode))
        let offset = handle.map { sqlite3_error_offset($0) } ?? -1
        let (code, remedy) = Self.meaning(of: resultCode)
        // One line, however the SQL is written.
        let line = String("\(what): \(reason).".map { $0.isNewline ? " " : $0 })
        self.init(
            code, extendedCode: resultCode, line, remedy: remedy,
            sqlOffset: offset >= 0 ? Int(offset) : nil)
    }

    private static func meaning(of resultCode: Int32) -> (Code, remedy: String) {
        switch resultCode & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED:
            (.busy, "Another program writes to this database; find the one that keeps its transaction open.")
        case SQLITE_FULL: (.noSpace, "Make room on that disk; what was committed is kept.")
        case SQLITE_IOERR, SQLITE_NOMEM, SQLITE_PROTOCOL:
            (.storage, "Check the disk (`dmesg`, SMART); what was committed is kept.")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            (.corrupt, "Check it with `PRAGMA integrity_check`, and restore it from a backup if that finds damage.")
        case SQLITE_CANTOPEN:
            (.cannotOpen, "Check that the folder exists and that the user that runs edgebroker may write there.")
        case SQLITE_READONLY, SQLITE_PERM:
            (.refused, "Give the user that runs edgebroker the right to write the file and its folder.")
        case SQLITE_CONSTRAINT: (.constraint, "")
        case SQLITE_MISMATCH: (.mismatch, "")
        case SQLITE_TOOBIG: (.tooLarge, "")
        case SQLITE_INTERRUPT: (.interrupted, "")
        case SQLITE_AUTH: (.forbidden, "")
        default: (.statement, "")
        }
    }
}
