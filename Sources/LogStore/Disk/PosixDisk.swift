import CPlatform
import Glibc
import Synchronization

/// The real disk.
package struct PosixDisk: Disk {
    private let syncPool: SyncPool

    /// - Parameter parallelSyncs: how many files of one commit round are synced at a time. See docs/decisions.
    package init(parallelSyncs: Int = SyncPool.defaultWidth) {
        syncPool = SyncPool(width: parallelSyncs)
    }

    package func createDirectory(_ path: String) throws(DiskError) {
        guard mkdir(path, 0o700) == 0 else { throw DiskError("create folder", path, errno: errno) }
    }

    package func list(_ directory: String) throws(DiskError) -> [String] {
        guard let stream = opendir(directory) else { throw DiskError("list", directory, errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw DiskError("list", directory, errno: errno) }
                return names
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
    }

    package func kind(of path: String) throws(DiskError) -> FileKind {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return .absent }
            throw DiskError("look at", path, errno: errno)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }

    package func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> any DiskFile {
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .readWrite: O_RDWR
            case .createEmpty: O_RDWR | O_CREAT | O_TRUNC
            }
        return PosixFile(try openDescriptor(path, flags | O_CLOEXEC), path)
    }

    package func rename(_ source: String, to destination: String) throws(DiskError) {
        guard Glibc.rename(source, destination) == 0 else { throw DiskError("rename", source, errno: errno) }
    }

    package func remove(_ path: String) throws(DiskError) {
        guard Glibc.remove(path) == 0 else { throw DiskError("remove", path, errno: errno) }
    }

    package func syncDirectory(_ path: String) throws(DiskError) {
        let descriptor = try openDescriptor(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { _ = Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw DiskError("sync folder", path, errno: errno) }
    }

    package func sync(_ files: [any DiskFile]) -> [DiskError?] {
        syncPool.sync(files)
    }

    package func lock(_ path: String) throws(DiskError) -> (any DiskLock)? {
        let descriptor = try openDescriptor(path, O_RDWR | O_CREAT | O_CLOEXEC)
        // flock, because a lock of fcntl vanishes when any descriptor of the file is closed.
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            if reason == EINTR { continue }
            _ = Glibc.close(descriptor)
            if reason == EWOULDBLOCK { return nil }
            throw DiskError("lock", path, errno: reason)
        }
        return PosixLock(descriptor)
    }

    package func freeBytes(at path: String) throws(DiskError) -> Int64 {
        var status = statvfs()
        while statvfs(path, &status) != 0 {
            if errno != EINTR { throw DiskError("ask for free space on", path, errno: errno) }
        }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }

    private func openDescriptor(_ path: String, _ flags: Int32) throws(DiskError) -> Int32 {
        while true {
            let descriptor = Glibc.open(path, flags, 0o600)
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw DiskError("open", path, errno: errno) }
        }
    }
}

private final class PosixLock: DiskLock {
    private let descriptor: Mutex<Int32?>

    init(_ descriptor: Int32) { self.descriptor = Mutex(descriptor) }

    /// Once: a second close would hit whoever got the number since.
    func release() {
        let mine = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        guard let mine else { return }
        // The lock is everybody's who has the descriptor, and a child that this process is just starting has it until it is another
        // program: given back, and not only closed.
        _ = flock(mine, LOCK_UN)
        _ = Glibc.close(mine)
    }
}
