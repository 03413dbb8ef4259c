import Glibc

extension DiskError {
    static let tooLarge = EFBIG
    static let absent = ENOENT
    /// The file is shorter than it said a moment ago.
    static let endedEarly = ENODATA
    static let notADirectory = ENOTDIR
    static let exists = EEXIST
    /// What was read is not what was written and synced.
    static let differs = EBADMSG

    /// The name is not there.
    var isAbsent: Bool { errno == ENOENT }
    var isNotADirectory: Bool { errno == ENOTDIR }
    /// True when it was a sync that failed: then nothing is known of what was written since the last good one.
    var isFailedSync: Bool { operation.hasPrefix("sync") }

    /// The medium does not give these bytes back.
    var isUnreadable: Bool { errno == EIO && operation == "read" }

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
        case ENODATA: "the file ended early"
        case EBADMSG: "synced bytes have changed"
        case EMFILE, ENFILE: "too many open files (raise the limit with `ulimit -n` or LimitNOFILE)"
        default: String(cString: strerror(errno))
        }
    }
}
