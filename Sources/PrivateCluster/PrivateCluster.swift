import Glibc
import Synchronization

/// A Postgres server of our own: a fresh cluster, reachable by a Unix socket only.
///
/// The server never outlives this process, however it ends; see ``WatchedProcess``. All calls block; keep them off Swift's
/// cooperative pool.
package final class PrivateCluster: Sendable {
    package enum StopMode: Sendable {
        /// Sessions are cut, everything is written. Waits for streaming replication clients to confirm all WAL.
        case fast
        /// As a crash of the server: it recovers at the next start.
        case immediate
    }

    private struct State: ~Copyable {
        var options: ClusterOptions
        var server: WatchedProcess?
    }

    package let binaries: ServerBinaries
    private let user: ServerUser
    private let folders: ClusterFolders
    private let password: String?
    private let state: Mutex<State>

    /// Finds a server, makes the cluster unless the folder has one, and starts it.
    package init(_ options: ClusterOptions = ClusterOptions()) throws(PrivateClusterError) {
        user = try ServerUser.choose()
        let existing = options.directory.flatMap { ClusterFolders.clusterVersion(in: $0) }
        binaries = try ServerBinaries.find(exactly: existing)
        folders = try ClusterFolders(options.directory, for: user)
        password = options.password
        state = Mutex(State(options: options))
        if existing == nil { try initialise(options) }
        try start()
    }

    deinit {
        // Nobody is left who could be told. A kept cluster that does not stop in order is killed by its watcher, and
        // recovers.
        if folders.isThrowAway || (try? stop(.fast, within: .seconds(10))) == nil { try? stop(.immediate) }
        for folder in folders.throwAway { ClusterFolders.remove(folder) }
    }

    /// Starts the server and returns once it accepts connections. Does nothing if it runs.
    ///
    /// - Parameter walLevel: from this start on.
    package func start(walLevel: ClusterOptions.WALLevel? = nil) throws(PrivateClusterError) {
        try state.withLock { state throws(PrivateClusterError) in
            if let walLevel { state.options.walLevel = walLevel }
            guard state.server?.hasEnded() ?? true else { return }
            let log = try folders.openLog()
            defer { _ = close(log) }
            var server = try WatchedProcess(
                [binaries.folder + "/postgres", "-D", folders.data]
                    + state.options.serverArguments(sockets: folders.sockets),
                as: user.prefix, log: log, folders: folders.throwAway)
            let deadline = ContinuousClock.now + .seconds(60)
            while !folders.isReady(server.id) {
                guard !server.hasEnded(), ContinuousClock.now < deadline else {
                    server.signal(SIGQUIT)
                    _ = server.succeeded()
                    throw PrivateClusterError(
                        .start, "The private Postgres did not start: \(folders.lastWords()).",
                        remedy: "Its log is \(folders.log), unless it was throw-away.")
                }
                pause()
            }
            state.server = consume server
        }
    }

    /// Stops the server and returns once it has ended. Does nothing if it does not run.
    ///
    /// - Throws: `.stop` if it takes longer than `patience`; it still runs then.
    package func stop(_ mode: StopMode, within patience: Duration = .seconds(60)) throws(PrivateClusterError) {
        try state.withLock { state throws(PrivateClusterError) in
            guard state.server != nil else { return }
            state.server?.signal(mode == .fast ? SIGINT : SIGQUIT)
            let deadline = ContinuousClock.now + patience
            while state.server?.hasEnded() == false {
                guard ContinuousClock.now < deadline else {
                    throw PrivateClusterError(
                        .stop, "The private Postgres still runs after \(patience).",
                        remedy: "A replication client that does not confirm keeps it; stop that first, or stop at once."
                    )
                }
                pause()
            }
            state.server = nil
        }
    }

    /// Stops and starts.
    package func restart(
        _ mode: StopMode, walLevel: ClusterOptions.WALLevel? = nil
    ) throws(PrivateClusterError) {
        try stop(mode)
        try start(walLevel: walLevel)
    }

    /// The text to connect with; good as long as this object lives, over restarts too.
    package func conninfo(database: String = "postgres", user: String = "postgres", password: String? = nil) -> String {
        let secret = password ?? self.password
        var parts = [("host", folders.sockets), ("port", "5432"), ("user", user), ("dbname", database)]
        if let secret { parts.append(("password", secret)) }
        return parts.map { "\($0.0)=\(Self.quoted($0.1))" }.joined(separator: " ")
    }

    /// Makes the cluster beside its place and moves it there whole: a half-made one would be taken for a cluster later.
    private func initialise(_ options: ClusterOptions) throws(PrivateClusterError) {
        let log = try folders.openLog()
        defer { _ = close(log) }
        let unfinished = folders.data + ".unfinished"
        ClusterFolders.remove(unfinished)
        var command = [
            binaries.folder + "/initdb", "--pgdata=" + unfinished, "--username=postgres", "--encoding=UTF8",
            "--locale=C", "--no-instructions", "--auth-host=reject",
            "--auth-local=" + (options.password == nil ? "trust" : "scram-sha-256"),
        ]
        if !options.isDurable { command.append("--no-sync") }
        // In a file, because everybody may read a process's arguments.
        let secret = folders.home + "/password"
        if let password = options.password {
            try folders.write(password + "\n", to: secret, for: user)
            command.append("--pwfile=" + secret)
        }
        defer { if options.password != nil { _ = unlink(secret) } }
        var process = try WatchedProcess(command, as: user.prefix, log: log, folders: folders.throwAway)
        guard process.succeeded(), rename(unfinished, folders.data) == 0 else {
            throw PrivateClusterError(
                .initialisation, "initdb failed: \(folders.lastWords()).",
                remedy: "Make room in \(folders.home), or choose an empty folder.")
        }
    }

    private func pause() { usleep(5000) }

    private static func quoted(_ value: String) -> String {
        var result = "'"
        for scalar in value.unicodeScalars {
            if scalar == "'" || scalar == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "'"
    }
}
