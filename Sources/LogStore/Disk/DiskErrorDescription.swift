import Glibc

extension DiskError {
    static let tooLarge = EFBIG
    /// The file is shorter than it said a moment ago.
    static let endedEarly = ENODATA

    /// True when the disk, a quota or a size limit has no room: `ENOSPC`, `EDQUOT`, `EFBIG`.
    package var isNoSpace: Bool { errno == ENOSPC || errno == EDQUOT || errno == EFBIG }
    /// True when this user may not: `EACCES`, `EPERM`, `EROFS`.
    package var isRefused: Bool { errno == EACCES || errno == EPERM || errno == EROFS }

    package var description: String {
        "\(operation) \(path): \(Self.reason(errno))"
    }

    /// The error number in words that a person on call can use; the system's words where ours add nothing.
    private static func reason(_ errno: Int32) -> String {
        switch errno {
        case ENOSPC: "the disk is full"
        case EDQUOT: "the disk quota is used up"
        case EROFS: "the file system is mounted read-only"
        case EIO: "the disk reported an I/O error"
        case EMFILE, ENFILE: "too many open files (raise the limit with `ulimit -n` or LimitNOFILE)"
        default: String(cString: strerror(errno))
        }
    }
}
