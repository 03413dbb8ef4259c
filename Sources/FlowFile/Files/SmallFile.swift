import Glibc

/// A whole small file in memory: configuration and secrets.
enum SmallFile {
    struct Failure: Error {
        let errno: Int32
        let reason: String
    }

    /// A configuration beyond this is a wrong path, perhaps a data file; it is refused before memory is taken.
    static let limit = 1 << 20

    /// - Returns: the bytes and the permission bits of the very file that was read.
    static func read(_ path: String) throws(Failure) -> (bytes: [UInt8], mode: mode_t) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(errno: EISDIR, reason: "it is not a file") }
        guard status.st_size <= limit else { throw Failure(errno: EFBIG, reason: "it is larger than 1 MiB") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure() }
            if count == 0 { return (bytes, status.st_mode & 0o777) }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw Failure(errno: EFBIG, reason: "it is larger than 1 MiB") }
        }
    }

    private static func failure() -> Failure {
        let code = errno
        return Failure(errno: code, reason: String(cString: strerror(code)))
    }
}
