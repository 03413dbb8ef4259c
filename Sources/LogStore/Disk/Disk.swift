/// Everything the log asks of a disk, so that a test can be the disk.
///
/// Paths are absolute or relative to the process, with `/` between parts. No call retries: `EINTR` is the only error an
/// implementation hides. What a call promises about power cuts is what POSIX promises, no more: bytes and length of a
/// file are durable after `sync()` on it, names after `syncDirectory` on their folder.
package protocol Disk: Sendable {
    /// Creates one folder. Its own name is durable only after its parent is synced.
    func createDirectory(_ path: String) throws(DiskError)
    /// Names in a folder, in no order, without `.` and `..`.
    func list(_ directory: String) throws(DiskError) -> [String]
    func kind(of path: String) throws(DiskError) -> FileKind
    func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> any DiskFile
    /// Replaces `destination` if it exists.
    func rename(_ source: String, to destination: String) throws(DiskError)
    func remove(_ path: String) throws(DiskError)
    func syncDirectory(_ path: String) throws(DiskError)
    /// Syncs many files at once, for about the price of one. Answers one result per file, in order.
    func sync(_ files: [any DiskFile]) -> [DiskError?]
    /// Takes an exclusive lock that ends with the process; `nil` if another process holds it.
    func lock(_ path: String) throws(DiskError) -> (any DiskLock)?
    /// How much more this user may put on the disk that holds `path`, by its own word; a quota may allow less.
    func freeBytes(at path: String) throws(DiskError) -> Int64
}

/// An open file. Reads may run beside one writer; positions are bytes from the start.
package protocol DiskFile: AnyObject, Sendable {
    var path: String { get }
    /// For calls of the system that send a file's bytes without copying them, such as `sendfile`; `nil` if the system does not
    /// know the file. It is open as long as this object is.
    var descriptor: Int32? { get }
    func size() throws(DiskError) -> Int
    /// Fills as much of `buffer` as the file holds from `position` on; fewer bytes mean the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(DiskError) -> Int
    /// Writes at least one byte and at most all; the caller writes the rest.
    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DiskError) -> Int
    func truncate(to size: Int) throws(DiskError)
    /// Reserves blocks without changing the size. A file system that cannot is no error.
    func preallocate(_ size: Int) throws(DiskError)
    /// Makes bytes and length durable. After a failure nothing is known of what was written since the last success.
    func sync() throws(DiskError)
    func close()
}

/// Held until released or until the process ends.
package protocol DiskLock: AnyObject, Sendable {
    func release()
}

package enum OpenMode: Sendable {
    case read
    case readWrite
    /// Creates the file; one that is there already is emptied.
    case createEmpty
}

package enum FileKind: Sendable, Equatable {
    case absent, file, directory, other
}

/// A call to the disk that failed: which, on what, and why.
package struct DiskError: Error, Equatable, CustomStringConvertible {
    package let operation: String
    package let path: String
    package let errno: Int32

    package init(_ operation: String, _ path: String, errno: Int32) {
        self.operation = operation
        self.path = path
        self.errno = errno
    }
}

extension DiskFile {
    package var descriptor: Int32? { nil }

    /// Writes all of `bytes`, however many calls it takes.
    func writeAll(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DiskError) {
        var done = 0
        while done < bytes.count {
            done += try write(UnsafeRawBufferPointer(rebasing: bytes[done...]), at: position + done)
        }
    }

    func writeAll(_ bytes: [UInt8], at position: Int) throws(DiskError) {
        var failure: DiskError?
        bytes.withUnsafeBytes { buffer in
            do throws(DiskError) { try writeAll(buffer, at: position) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// The bytes `[position, position + count)`, fewer where the file ends before.
    package func bytes(at position: Int, count: Int) throws(DiskError) -> [UInt8] {
        var failure: DiskError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(DiskError) {
                initialized = try read(into: UnsafeMutableRawBufferPointer(buffer), at: position)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

extension Disk {
    /// A disk in memory has no end that it knows of.
    package func freeBytes(at path: String) throws(DiskError) -> Int64 { .max }

    /// The whole of a small file, or `nil` if it does not exist. Refuses one larger than `limit` before taking memory.
    func contents(of path: String, limit: Int) throws(DiskError) -> [UInt8]? {
        guard try kind(of: path) == .file else { return nil }
        let file = try open(path, .read)
        defer { file.close() }
        let size = try file.size()
        guard size <= limit else { throw DiskError("read", path, errno: DiskError.tooLarge) }
        return try file.bytes(at: 0, count: size)
    }

    /// Puts a small file in place so that a power cut leaves the old one or the new one, never a part.
    func replace(_ path: String, with bytes: [UInt8], in directory: String) throws(DiskError) {
        let temporary = path + ".tmp"
        let file = try open(temporary, .createEmpty)
        defer { file.close() }
        try file.writeAll(bytes, at: 0)
        try file.sync()
        try rename(temporary, to: path)
        try syncDirectory(directory)
    }
}
