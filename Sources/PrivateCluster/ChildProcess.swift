import CPlatform
import Glibc

/// A process that we started. Only its own id is ever signalled, and only until it has been waited for: after that the
/// number may be somebody else's.
struct ChildProcess: ~Copyable, Sendable {
    let id: pid_t
    private var status: Int32?

    /// Starts `arguments[0]`, looked up in PATH, with three open files and none of our `PG…` environment.
    ///
    /// - Parameters:
    ///   - input: nil for /dev/null.
    ///   - output: for both output streams; nil for /dev/null.
    init(_ arguments: [String], input: Int32? = nil, output: Int32? = nil) throws(PrivateClusterError) {
        let argv = arguments.map { strdup($0) } + [nil]
        let environment = Self.environment().map { strdup($0) } + [nil]
        defer { for pointer in argv + environment { free(pointer) } }
        var child: pid_t = 0
        let failure = edgebroker_spawn(
            argv.map { UnsafePointer($0) }, environment.map { UnsafePointer($0) }, input ?? -1, output ?? -1, &child)
        guard failure == 0 else {
            throw PrivateClusterError(
                .noResources, "Cannot start \(arguments[0]): \(String(cString: strerror(failure))).",
                remedy: "Check that it is installed and that the limits of processes and memory allow it.")
        }
        id = child
    }

    /// Sends `signal`, unless the process has already been waited for.
    func signal(_ signal: Int32) {
        if status == nil { _ = kill(id, signal) }
    }

    /// True once the process has ended. Does not wait.
    mutating func hasEnded() -> Bool {
        guard status == nil else { return true }
        var value: Int32 = 0
        if waitpid(id, &value, WNOHANG) == id { status = value }
        return status != nil
    }

    /// Waits for the end; true if that was an exit with 0.
    mutating func succeeded() -> Bool {
        while status == nil {
            var value: Int32 = 0
            if waitpid(id, &value, 0) == id { status = value } else if errno != EINTR { status = -1 }
        }
        return status == 0
    }

    /// The first line that a short command prints, or nil if it fails.
    static func firstLine(of arguments: [String]) -> String? {
        guard let pipe = try? Pipe(), var child = try? ChildProcess(arguments, output: pipe.writeEnd) else {
            return nil
        }
        pipe.closeWriteEnd()
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(pipe.readEnd, &buffer, buffer.count)
            if count > 0 { bytes += buffer[..<count] } else if count == 0 || errno != EINTR { break }
        }
        guard child.succeeded() else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
    }

    private static func environment() -> [String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return ["PATH=" + path, "LC_ALL=C", "TZ=UTC"]
    }
}
