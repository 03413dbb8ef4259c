import CSQLite

/// A compiled statement of one database. Parameters count from 1, columns from 0, as in SQLite.
package final class SQLiteStatement {
    /// SQLite copies what it is given: the bytes of a Swift string live only during the call.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// For C functions that this module does not wrap. Valid as long as the statement is.
    package let handle: OpaquePointer
    package let columnCount: Int
    private let parameterCount: Int
    /// Keeps the connection until the last statement is gone.
    private let database: SQLiteDatabase

    init(_ sql: String, on database: SQLiteDatabase) throws(SQLiteError) {
        var prepared: OpaquePointer?
        var remaining = 0
        let result = sql.withCString { start in
            var tail: UnsafePointer<CChar>?
            let result = sqlite3_prepare_v3(
                database.handle, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, &tail)
            if let tail { remaining = String(cString: tail).utf8.filter { !Self.isSpace($0) }.count }
            return result
        }
        guard result == SQLITE_OK else { throw SQLiteError("\(database.name): \(sql)", result, of: database.handle) }
        guard let prepared else {
            throw SQLiteError(.statement, "\(database.name): \"\(sql)\" holds no statement.", remedy: "")
        }
        guard remaining == 0 else {
            sqlite3_finalize(prepared)
            throw SQLiteError(.statement, "\(database.name): \"\(sql)\" holds more than one statement.", remedy: "")
        }
        handle = prepared
        columnCount = Int(sqlite3_column_count(prepared))
        parameterCount = Int(sqlite3_bind_parameter_count(prepared))
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    // MARK: Parameters

    /// Binds the first parameters to `values`. The others keep what they were bound to.
    package func bind(_ values: [SQLiteValue]) throws(SQLiteError) {
        for (index, value) in values.enumerated() { try bind(value, at: index + 1) }
    }

    package func bind(_ value: SQLiteValue, at parameter: Int) throws(SQLiteError) {
        precondition(
            (1...max(parameterCount, 1)).contains(parameter),
            "Parameter \(parameter) of a statement with \(parameterCount)")
        let index = Int32(truncatingIfNeeded: parameter)
        let result =
            switch value {
            case .null: sqlite3_bind_null(handle, index)
            case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
            case .real(let double): sqlite3_bind_double(handle, index, double)
            case .text(""):
                // An empty buffer may have no address, which SQLite would read as NULL.
                sqlite3_bind_text(handle, index, "", 0, Self.copied)
            case .text(var text):
                text.withUTF8 { bytes in
                    bytes.withMemoryRebound(to: CChar.self) { characters in
                        sqlite3_bind_text64(
                            handle, index, characters.baseAddress, UInt64(characters.count), Self.copied,
                            UInt8(SQLITE_UTF8))
                    }
                }
            case .blob(let bytes):
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(handle, index, 0)
                    : bytes.withUnsafeBytes {
                        sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), Self.copied)
                    }
            }
        guard result == SQLITE_OK else {
            throw SQLiteError("\(database.name): parameter \(parameter)", result, of: database.handle)
        }
    }

    // MARK: Running

    /// Goes to the next row.
    /// - Returns: `false` after the last one; the statement is then reset.
    /// - Throws: whatever the statement can meet; it is then reset.
    package func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        case let result:
            // The reason must be read before the reset, the SQL text is the statement's own.
            let error = SQLiteError("\(database.name)", result, of: database.handle)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs to the end with `values` bound, for a statement that returns no rows.
    package func run(_ values: [SQLiteValue] = []) throws(SQLiteError) {
        try bind(values)
        while try step() {}
    }

    /// All rows with `values` bound: for small results.
    package func rows(_ values: [SQLiteValue] = []) throws(SQLiteError) -> [[SQLiteValue]] {
        try bind(values)
        var rows: [[SQLiteValue]] = []
        while try step() { rows.append((0..<columnCount).map(value(at:))) }
        return rows
    }

    /// Back to before the first row; what is bound stays bound.
    package func reset() throws(SQLiteError) {
        let result = sqlite3_reset(handle)
        guard result == SQLITE_OK else { throw SQLiteError(database.name, result, of: database.handle) }
    }

    // MARK: The current row

    package func columnName(at column: Int) -> String {
        sqlite3_column_name(handle, Int32(truncatingIfNeeded: column)).map { String(cString: $0) } ?? ""
    }

    package func value(at column: Int) -> SQLiteValue {
        let index = Int32(truncatingIfNeeded: column)
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT: return .text(text(at: column))
        case SQLITE_BLOB:
            let count = Int(sqlite3_column_bytes(handle, index))
            return .blob(Array(UnsafeRawBufferPointer(start: sqlite3_column_blob(handle, index), count: count)))
        default: return .null
        }
    }

    package func isNull(at column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(truncatingIfNeeded: column)) == SQLITE_NULL
    }

    /// SQLite's conversion if the value is no integer; 0 for NULL.
    package func int64(at column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(truncatingIfNeeded: column)) }

    /// SQLite's conversion if the value is no text; empty for NULL.
    package func text(at column: Int) -> String {
        let index = Int32(truncatingIfNeeded: column)
        let start = sqlite3_column_text(handle, index)
        return String(
            decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index))), as: UTF8.self)
    }
}
