import Foundation
import LogStore

/// The real disk, except that its syncs hang or fail for as long as a test wants.
final class MoodyDisk: Disk, @unchecked Sendable {
    enum Mood {
        case fine, hanging, failing
    }

    private let disk = PosixDisk()
    /// Guards `current`, which nothing else touches.
    private let condition = NSCondition()
    private var current = Mood.fine
    private var failures = 0

    var mood: Mood {
        get { condition.withLock { current } }
        set {
            condition.withLock {
                current = newValue
                condition.broadcast()
            }
        }
    }

    /// Syncs that failed so far.
    var failed: Int { condition.withLock { failures } }

    func sync(_ files: [any DiskFile]) -> [DiskError?] {
        condition.lock()
        while current == .hanging { condition.wait() }
        let fails = current == .failing && !files.isEmpty
        if fails { failures += 1 }
        condition.unlock()
        return fails ? files.map { DiskError("fdatasync", $0.path, errno: EIO) } : disk.sync(files)
    }

    func createDirectory(_ path: String) throws(DiskError) { try disk.createDirectory(path) }
    func list(_ directory: String) throws(DiskError) -> [String] { try disk.list(directory) }
    func kind(of path: String) throws(DiskError) -> FileKind { try disk.kind(of: path) }
    func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> any DiskFile { try disk.open(path, mode) }
    func rename(_ source: String, to destination: String) throws(DiskError) { try disk.rename(source, to: destination) }
    func remove(_ path: String) throws(DiskError) { try disk.remove(path) }
    func syncDirectory(_ path: String) throws(DiskError) { try disk.syncDirectory(path) }
    func lock(_ path: String) throws(DiskError) -> (any DiskLock)? { try disk.lock(path) }
    func freeBytes(at path: String) throws(DiskError) -> Int64 { try disk.freeBytes(at: path) }
}
