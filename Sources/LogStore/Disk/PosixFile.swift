import CPlatform
import Glibc
import Synchronization

/// A descriptor. It stays open until the last user lets go, so a reader never sees it vanish under a `pread`.
final class PosixFile: DiskFile {
    let path: String
    private let openDescriptor: Int32
    var descriptor: Int32? { openDescriptor }

    init(_ descriptor: Int32, _ path: String) {
        openDescriptor = descriptor
        self.path = path
    }

    deinit { _ = Glibc.close(openDescriptor) }

    /// Nothing to do: the descriptor closes with its last user.
    func close() {}

    func size() throws(DiskError) -> Int {
        var status = stat()
        guard fstat(openDescriptor, &status) == 0 else { throw DiskError("look at", path, errno: errno) }
        return Int(status.st_size)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        guard let start = buffer.baseAddress else { return 0 }
        var done = 0
        while done < buffer.count {
            let count = pread(openDescriptor, start + done, buffer.count - done, off_t(position + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw DiskError("read", path, errno: errno)
            }
        }
        return done
    }

    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        while true {
            let count = pwrite(openDescriptor, bytes.baseAddress, bytes.count, off_t(position))
            if count > 0 || bytes.isEmpty { return count }
            // POSIX allows a write of zero bytes only where nothing was asked for; a disk that does it has no room.
            if count == 0 { throw DiskError("write", path, errno: ENOSPC) }
            if errno != EINTR { throw DiskError("write", path, errno: errno) }
        }
    }

    func truncate(to size: Int) throws(DiskError) {
        while ftruncate(openDescriptor, off_t(size)) != 0 {
            if errno != EINTR { throw DiskError("truncate", path, errno: errno) }
        }
    }

    func preallocate(_ size: Int) throws(DiskError) {
        while edgebroker_preallocate(openDescriptor, Int64(size)) != 0 {
            switch errno {
            case EINTR: continue
            case EOPNOTSUPP, ENOSYS: return
            default: throw DiskError("reserve space for", path, errno: errno)
            }
        }
    }

    func sync() throws(DiskError) {
        // One try: after a failure the kernel has marked the pages clean, and a second call would lie (DESIGN D3).
        // EINTR too: whether the pages were written is not known.
        guard fdatasync(openDescriptor) == 0 else { throw DiskError("sync", path, errno: errno) }
    }
}
