import Glibc

/// A process that does not outlive us, however we end, and whose folders go with it then.
///
/// A parent-death signal would not do: it fires when the thread that started the process ends. Nor would an exit
/// handler: nothing of ours runs after `kill -9`.
struct WatchedProcess: ~Copyable {
    private var child: ChildProcess
    /// Only we can write to it. Closed without a line, it tells the watcher that we are gone.
    private let farewell: Pipe

    /// - Parameters:
    ///   - prefix: what stands before a command to become its user.
    ///   - folders: removed by the watcher when we are gone. After a farewell it removes nothing.
    init(
        _ command: [String], as prefix: [String], log: Int32, folders: [String]
    ) throws(PrivateClusterError) {
        let pipe = try Pipe()
        let process = try ChildProcess(
            prefix + ["sh", "-c", Self.script, "sh", "\(folders.count)"] + folders + command,
            input: pipe.readEnd, output: log)
        farewell = pipe
        child = process
    }

    var id: pid_t { child.id }

    func signal(_ signal: Int32) { child.signal(signal) }

    /// True once the process has ended. Does not wait.
    mutating func hasEnded() -> Bool {
        guard child.hasEnded() else { return false }
        farewell.tell("ended")
        return true
    }

    /// Waits for the end; true if that was an exit with 0.
    mutating func succeeded() -> Bool {
        let result = child.succeeded()
        farewell.tell("ended")
        return result
    }

    /// As if we were gone. The process is then killed by its watcher.
    consuming func abandon() { farewell.closeWriteEnd() }

    /// Puts the watcher behind us, then becomes the command, so that the process we started is the command itself.
    ///
    /// The watcher is nobody's child: a Postgres server would take its end for that of a backend. `read` fails when the
    /// last writing end of the pipe has closed without a line; `$$` is the command's id there too. The watcher waits up
    /// to 10 s for it to go, because a living server would write its folder anew.
    private static let script = """
        folders=$1; shift
        exec 3<&0 </dev/null
        ( (
          read -r word <&3 && exit
          kill -QUIT $$
          rounds=100
          while kill -0 $$ 2>/dev/null && [ $rounds -gt 0 ]; do rounds=$((rounds - 1)); sleep 0.1; done
          while [ $folders -gt 0 ]; do rm -rf -- "$1"; shift; folders=$((folders - 1)); done
        ) & )
        exec 3<&-
        while [ $folders -gt 0 ]; do shift; folders=$((folders - 1)); done
        exec "$@"
        """
}
