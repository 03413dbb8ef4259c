import Glibc

/// The two folders of a cluster: its home, and the one of its socket, which must have a short path (107 bytes in all).
struct ClusterFolders: Sendable {
    let home: String
    let sockets: String
    let isThrowAway: Bool
    var data: String { home + "/data" }
    var log: String { home + "/server.log" }

    /// The major version of the cluster that `directory` holds, or nil.
    static func clusterVersion(in directory: String) -> Int? {
        read(directory + "/data/PG_VERSION").flatMap { Int($0.prefix { $0.isNumber }) }
    }

    init(_ directory: String?, for user: ServerUser) throws(PrivateClusterError) {
        isThrowAway = directory == nil
        if let directory {
            guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
                throw Self.failed("make", directory)
            }
            guard let whole = realpath(directory, nil) else { throw Self.failed("find", directory) }
            defer { free(whole) }
            home = String(cString: whole)
        } else {
            home = try Self.temporary("erp")
        }
        sockets = try Self.temporary("pg")
        for folder in [home, sockets] where geteuid() != user.user {
            guard chown(folder, user.user, user.group) == 0 else { throw Self.failed("give away", folder) }
        }
        var probe = try ChildProcess(user.prefix + ["test", "-w", home])
        guard probe.succeeded() else {
            throw PrivateClusterError(
                .folder, "The server's user (id \(user.user)) cannot write in \(home).",
                remedy: "Choose a folder whose parents everybody may enter, such as one below /var/tmp.")
        }
    }

    /// What goes with the cluster's owner.
    var throwAway: [String] { isThrowAway ? [home, sockets] : [sockets] }

    static func remove(_ folder: String) {
        // What cannot be removed is litter below /tmp, or stops the next initdb, which says so.
        guard var child = try? ChildProcess(["rm", "-rf", "--", folder]) else { return }
        _ = child.succeeded()
    }

    func openLog() throws(PrivateClusterError) -> Int32 {
        let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failed("open a log in", home) }
        return file
    }

    /// Writes a file that only the server's user and root can read.
    func write(_ text: String, to path: String, for user: ServerUser) throws(PrivateClusterError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failed("write in", home) }
        defer { _ = close(file) }
        let bytes = Array(text.utf8)
        guard Glibc.write(file, bytes, bytes.count) == bytes.count,
            geteuid() == user.user || fchown(file, user.user, user.group) == 0
        else { throw Self.failed("write in", home) }
    }

    /// The last line of the log that says why, for an error message.
    func lastWords() -> String {
        let lines = (Self.read(log) ?? "").split(separator: "\n")
        let line = lines.last { $0.contains("FATAL:") || $0.contains("error:") } ?? lines.last ?? "it left no word"
        return line.trimmingSuffix(".")
    }

    /// The line `ready` of postmaster.pid, as `pg_ctl` reads it.
    func isReady(_ server: pid_t) -> Bool {
        let lines = (Self.read(data + "/postmaster.pid") ?? "").split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count > 7 && lines[0] == "\(server)" && lines[7].hasPrefix("ready")
    }

    private static func temporary(_ what: String) throws(PrivateClusterError) -> String {
        var path = Array("/tmp/edgebroker-\(what)-XXXXXX".utf8CString)
        guard mkdtemp(&path) != nil else { throw failed("make", "/tmp/edgebroker-\(what)-XXXXXX") }
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func failed(_ verb: String, _ folder: String) -> PrivateClusterError {
        PrivateClusterError(
            .folder, "Cannot \(verb) folder \(folder): \(String(cString: strerror(errno))).",
            remedy: "Choose another folder, or make room and rights there.")
    }

    /// The last 64 KiB of a file, or nil if it cannot be read.
    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { _ = close(file) }
        let limit = 1 << 16
        var bytes = [UInt8](repeating: 0, count: limit)
        let size = lseek(file, 0, SEEK_END)
        let count = pread(file, &bytes, limit, max(0, size - off_t(limit)))
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        String(hasSuffix(suffix) ? dropLast(suffix.count) : self)
    }
}
