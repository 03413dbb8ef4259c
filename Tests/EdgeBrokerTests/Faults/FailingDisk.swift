import Glibc
import LogStore
import Synchronization

/// The real disk, on which one call fails in one way; or after which the process is as if killed.
///
/// Used by one thread, as a broker without a committing thread uses it; the lock is for its type.
final class FailingDisk: Disk {
    /// What becomes of the call.
    enum Action: String, CaseIterable, Sendable {
        case ioError, noSpace, quota, tooManyFiles
        /// A write that takes only a part and says so, and one that takes a part and fails.
        case shortWrite, tornWrite
        /// A sync that fails and after which the kernel has forgotten what it could not write.
        case lostSync
        case killedBefore, killedAfter
    }

    enum Call: Sendable { case look, read, write, truncate, reserve, sync, syncFolder, name, open }

    struct Fault: Sendable, CustomStringConvertible {
        let call: Int
        let action: Action
        var description: String { "\(action.rawValue) at call \(call)" }
    }

    private struct State {
        var calls: [Call] = []
        var isDead = false
        /// What stood where was written since the last sync, by path.
        var unsynced: [String: [(position: Int, bytes: [UInt8])]] = [:]
        var what = ""
        var locks: [any DiskLock] = []
    }

    private let disk = PosixDisk()
    private let fault: Fault?
    private let state = Mutex(State())

    init(_ fault: Fault?) { self.fault = fault }

    /// Every call so far.
    var calls: [Call] { state.withLock { $0.calls } }
    /// True once the process counts as killed.
    var isDead: Bool { state.withLock { $0.isDead } }
    /// What was hit.
    var what: String { state.withLock { $0.what } }

    /// The actions that make sense for a call.
    static func actions(for call: Call) -> [Action] {
        switch call {
        case .look: [.ioError]
        case .read: [.ioError, .killedBefore]
        case .write: [.ioError, .noSpace, .quota, .shortWrite, .tornWrite, .killedBefore, .killedAfter]
        case .truncate: [.ioError, .killedBefore, .killedAfter]
        case .reserve: [.ioError, .noSpace, .quota]
        case .sync: [.ioError, .lostSync, .killedBefore, .killedAfter]
        case .syncFolder: [.ioError, .killedBefore, .killedAfter]
        case .name: [.ioError, .noSpace, .killedBefore, .killedAfter]
        case .open: [.ioError, .tooManyFiles, .noSpace]
        }
    }

    /// Counts a call and does it, or not.
    fileprivate func call<T: Sendable>(
        _ call: Call, _ operation: String, _ path: String, torn: (() throws(DiskError) -> T?)? = nil,
        _ body: () throws(DiskError) -> T
    ) throws(DiskError) -> T {
        let action = try state.withLock { state throws(DiskError) -> Action? in
            if state.isDead { throw DiskError(operation, path, errno: ENODEV) }
            state.calls.append(call)
            guard let fault, fault.call == state.calls.count else { return nil }
            state.what = "\(operation) \(path)"
            return fault.action
        }
        switch action {
        case nil: return try body()
        case .ioError: throw DiskError(operation, path, errno: EIO)
        case .noSpace: throw DiskError(operation, path, errno: ENOSPC)
        case .quota: throw DiskError(operation, path, errno: EDQUOT)
        case .tooManyFiles: throw DiskError(operation, path, errno: EMFILE)
        case .shortWrite:
            if let short = try torn?() { return short }
            return try body()
        case .tornWrite:
            _ = try torn?()
            throw DiskError(operation, path, errno: EIO)
        case .lostSync:
            forgetUnsynced(path)
            throw DiskError(operation, path, errno: EIO)
        case .killedBefore, .killedAfter:
            if action == .killedAfter { _ = try body() }
            state.withLock { $0.isDead = true }
            throw DiskError(operation, path, errno: ENODEV)
        }
    }

    // MARK: What a failed sync loses

    fileprivate func noteWrite(_ path: String, at position: Int, over bytes: [UInt8]) {
        state.withLock { $0.unsynced[path, default: []].append((position, bytes)) }
    }

    fileprivate func noteSync(_ path: String) { state.withLock { $0.unsynced[path] = nil } }

    private func forgetUnsynced(_ path: String) {
        let changes = state.withLock { $0.unsynced.removeValue(forKey: path) } ?? []
        guard let file = try? disk.open(path, .readWrite), let size = try? file.size() else { return }
        for change in changes.reversed() {
            let bytes = change.bytes.prefix(max(0, size - change.position))
            if !bytes.isEmpty { Array(bytes).withUnsafeBytes { _ = try? file.write($0, at: change.position) } }
        }
    }

    // MARK: Disk

    func createDirectory(_ path: String) throws(DiskError) {
        try call(.name, "create folder", path) { () throws(DiskError) in try disk.createDirectory(path) }
    }

    func list(_ directory: String) throws(DiskError) -> [String] {
        // In one order, so that a fault hits the same call in each run.
        try call(.look, "list", directory) { () throws(DiskError) in try disk.list(directory).sorted() }
    }

    func kind(of path: String) throws(DiskError) -> FileKind {
        try call(.look, "look at", path) { () throws(DiskError) in try disk.kind(of: path) }
    }

    func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> any DiskFile {
        try call(.open, "open", path) { () throws(DiskError) -> any DiskFile in
            FailingFile(try disk.open(path, mode), of: self)
        }
    }

    func rename(_ source: String, to destination: String) throws(DiskError) {
        try call(.name, "rename", source) { () throws(DiskError) in try disk.rename(source, to: destination) }
    }

    func remove(_ path: String) throws(DiskError) {
        try call(.name, "remove", path) { () throws(DiskError) in try disk.remove(path) }
    }

    func syncDirectory(_ path: String) throws(DiskError) {
        try call(.syncFolder, "sync folder", path) { () throws(DiskError) in try disk.syncDirectory(path) }
    }

    func sync(_ files: [any DiskFile]) -> [DiskError?] {
        files.map { file in
            do throws(DiskError) { try file.sync() } catch { return error }
            return nil
        }
    }

    func lock(_ path: String) throws(DiskError) -> (any DiskLock)? {
        let lock = try call(.open, "lock", path) { () throws(DiskError) in try disk.lock(path) }
        if let lock { state.withLock { $0.locks.append(lock) } }
        return lock
    }

    /// From now on no call of the process reaches the disk.
    func kill() { state.withLock { $0.isDead = true } }

    /// The process is over: its locks go.
    func endProcess() {
        let locks = state.withLock { state in
            defer { state.locks = [] }
            return state.locks
        }
        for lock in locks { lock.release() }
    }

    func freeBytes(at path: String) throws(DiskError) -> Int64 {
        try call(.look, "ask for free space on", path) { () throws(DiskError) in try disk.freeBytes(at: path) }
    }
}

private final class FailingFile: DiskFile {
    private let file: any DiskFile
    private let disk: FailingDisk

    init(_ file: any DiskFile, of disk: FailingDisk) {
        self.file = file
        self.disk = disk
    }

    var path: String { file.path }
    func close() { file.close() }

    func size() throws(DiskError) -> Int {
        try disk.call(.look, "look at", path) { () throws(DiskError) in try file.size() }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        try disk.call(.read, "read", path) { () throws(DiskError) in try file.read(into: buffer, at: position) }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<((bytes.count + 1) / 2)])
        return try disk.call(
            .write, "write", path, torn: { () throws(DiskError) in try self.write(through: part, position) }
        ) {
            () throws(DiskError) in try self.write(through: bytes, position)
        }
    }

    private func write(through bytes: UnsafeRawBufferPointer, _ position: Int) throws(DiskError) -> Int {
        let before = try file.bytes(at: position, count: bytes.count)
        let written = try file.write(bytes, at: position)
        // What lay behind the end is zeros once the size is known and the bytes are lost.
        disk.noteWrite(path, at: position, over: before + Array(repeating: 0, count: bytes.count - before.count))
        return written
    }

    func truncate(to size: Int) throws(DiskError) {
        try disk.call(.truncate, "truncate", path) { () throws(DiskError) in try file.truncate(to: size) }
    }

    func preallocate(_ size: Int) throws(DiskError) {
        try disk.call(.reserve, "reserve space for", path) { () throws(DiskError) in try file.preallocate(size) }
    }

    func sync() throws(DiskError) {
        try disk.call(.sync, "sync", path) { () throws(DiskError) in try file.sync() }
        disk.noteSync(path)
    }
}
