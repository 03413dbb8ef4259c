import CSQLite
import SQLiteClient

/// The virtual table `new`: one row, the fed one, and then the next fed one, without end. So a statement over it is begun once
/// and stepped once a row, which costs half of what beginning it for every row does.
enum RowTable {
    static let name = "new"

    /// What SQLite allocates for us behind its own part of a table or a cursor.
    private static let feedOffset = max(MemoryLayout<sqlite3_vtab>.stride, MemoryLayout<sqlite3_vtab_cursor>.stride)
    private static let objectSize = feedOffset + MemoryLayout<UnsafeMutableRawPointer>.stride

    /// Never changed and never freed: SQLite keeps the pointer for as long as a connection lives.
    private static nonisolated(unsafe) let module: UnsafeMutablePointer<sqlite3_module> = {
        let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        var callbacks = sqlite3_module()
        callbacks.iVersion = 1
        // Without xCreate the table exists under its module's name, and nobody can make another.
        callbacks.xConnect = { database, feed, _, _, table, _ in
            guard let database, let feed, let table else { return SQLITE_MISUSE }
            let columns = Unmanaged<RowFeed>.fromOpaque(feed).takeUnretainedValue().columns
            let declared = columns.map { "\(SQLiteDatabase.quoted($0.name)) \($0.declaredType)" }.joined(
                separator: ", ")
            let result = sqlite3_declare_vtab(database, "CREATE TABLE x(\(declared))")
            guard result == SQLITE_OK else { return result }
            table.pointee = RowTable.allocate(feed)?.assumingMemoryBound(to: sqlite3_vtab.self)
            return table.pointee == nil ? SQLITE_NOMEM : SQLITE_OK
        }
        callbacks.xDisconnect = { table in
            sqlite3_free(table)
            return SQLITE_OK
        }
        callbacks.xBestIndex = { _, info in
            info?.pointee.estimatedCost = 1
            info?.pointee.estimatedRows = 1
            return SQLITE_OK
        }
        callbacks.xOpen = { table, cursor in
            guard let table, let cursor, let feed = RowTable.feedPointer(UnsafeMutableRawPointer(table)) else {
                return SQLITE_MISUSE
            }
            cursor.pointee = RowTable.allocate(feed)?.assumingMemoryBound(to: sqlite3_vtab_cursor.self)
            return cursor.pointee == nil ? SQLITE_NOMEM : SQLITE_OK
        }
        callbacks.xClose = { cursor in
            sqlite3_free(cursor)
            return SQLITE_OK
        }
        callbacks.xFilter = { cursor, _, _, _, _ in RowTable.takeRow(cursor) }
        callbacks.xNext = { RowTable.takeRow($0) }
        callbacks.xEof = { _ in 0 }
        callbacks.xColumn = { cursor, context, column in
            guard let cursor, let context, let feed = RowTable.feed(UnsafeMutableRawPointer(cursor)) else {
                return SQLITE_MISUSE
            }
            let index = Int(column)
            guard feed.row.indices.contains(index) else { return SQLITE_RANGE }
            FunctionResult(context).set(feed.row[index])
            return SQLITE_OK
        }
        callbacks.xRowid = { _, rowid in
            rowid?.pointee = 0
            return SQLITE_OK
        }
        module.initialize(to: callbacks)
        return module
    }()

    /// - Parameter feed: stays the caller's, and must outlive the connection.
    static func register(on database: SQLiteDatabase, feed: RowFeed) throws(SQLiteError) {
        let result = sqlite3_create_module_v2(
            database.handle, name, module, Unmanaged.passUnretained(feed).toOpaque(), nil)
        precondition(result == SQLITE_OK, "Registering a module on an open connection gave \(result)")
        // Declares the columns, before the authorizer is there to forbid it.
        _ = try database.prepare("SELECT 1 FROM \(name)")
    }

    private static func allocate(_ feed: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        guard let object = sqlite3_malloc64(UInt64(objectSize)) else { return nil }
        object.initializeMemory(as: UInt8.self, repeating: 0, count: objectSize)
        object.storeBytes(of: feed, toByteOffset: feedOffset, as: UnsafeMutableRawPointer.self)
        return object
    }

    private static func feedPointer(_ object: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        object.load(fromByteOffset: feedOffset, as: UnsafeMutableRawPointer?.self)
    }

    private static func feed(_ object: UnsafeMutableRawPointer) -> RowFeed? {
        feedPointer(object).map { Unmanaged<RowFeed>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func takeRow(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 {
        guard let cursor, let feed = feed(UnsafeMutableRawPointer(cursor)) else { return SQLITE_MISUSE }
        return feed.take() ? SQLITE_OK : SQLITE_ERROR
    }
}
