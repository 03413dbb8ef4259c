import CSQLite

/// SQLite's own file system without its clock, so that a date function which is asked for the current time by a value of a row
/// gives NULL on every replay.
enum ClocklessFileSystem {
    /// The name to open a database with, once registered.
    static let name = "edgebroker-clockless"

    /// Registered on first use, for the life of the process.
    static let isRegistered: Bool = {
        guard let standard = sqlite3_vfs_find(nil) else { return false }
        let fileSystem = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        fileSystem.initialize(to: standard.pointee)
        fileSystem.pointee.pNext = nil
        // SQLite keeps the pointer, so the name is never freed.
        let bytes = Array(name.utf8CString)
        let text = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
        _ = text.initialize(from: bytes)
        fileSystem.pointee.zName = UnsafePointer(text.baseAddress)
        fileSystem.pointee.xCurrentTime = { _, _ in SQLITE_ERROR }
        fileSystem.pointee.xCurrentTimeInt64 = { _, _ in SQLITE_ERROR }
        return sqlite3_vfs_register(fileSystem, 0) == SQLITE_OK
    }()
}
