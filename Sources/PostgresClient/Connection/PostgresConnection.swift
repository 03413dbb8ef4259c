import CLibPQ

/// A session with a Postgres server, over libpq.
///
/// It belongs to the thread that opened it, and its calls block that thread: never use it on Swift's cooperative pool.
/// Other threads reach it through ``interrupt`` alone. The session's text forms are pinned (DESIGN D9).
package final class PostgresConnection {
    /// 14, as `server_version_num` writes it: the first whose pgoutput carries logical messages.
    package static let oldestServerVersion: Int32 = 140_000

    /// `server_version_num`.
    package let serverVersion: Int32
    /// Stops what this connection is doing, from any thread.
    package let interrupt: PostgresInterrupt
    private var handle: OpaquePointer?

    /// Connects, checks the server's version and pins the session.
    ///
    /// - Parameters:
    ///   - text: a libpq conninfo or URI. A secret: it appears in no error and no process list.
    ///   - wakeup: when signalled, `isStopped` is asked whether to give up. Name resolution cannot be interrupted.
    /// - Throws: `.malformedConnection`, `.unreachable`, `.refused`, `.missingDatabase`, `.tooOld`, `.cancelled`.
    package init(
        _ text: String, _ options: ConnectionOptions = ConnectionOptions(), wakeup: Wakeup? = nil,
        isStopped: @escaping () -> Bool = { false }
    ) throws(PostgresError) {
        var attempt = ConnectionAttempt(
            text: try ConnectionText(text), options: options, wakeup: wakeup, isStopped: isStopped)
        let raw = try attempt.run()
        do throws(PostgresError) {
            interrupt = try PostgresInterrupt(raw)
        } catch {
            PQfinish(raw)
            throw error
        }
        handle = raw
        serverVersion = PQserverVersion(raw)
        guard serverVersion >= Self.oldestServerVersion else {
            throw PostgresError(
                .tooOld, "The server is Postgres \(serverVersion / 10_000), and 14 is the oldest that works.",
                remedy: "Upgrade the server.")
        }
        try simpleQuery(SessionSettings.statement)
    }

    deinit { close() }

    /// Ends the session. Later calls throw `.connectionLost`.
    package func close() {
        guard let raw = handle else { return }
        handle = nil
        interrupt.connectionWillClose()
        PQfinish(raw)
    }

    /// False once the server or the network has gone, as far as libpq has noticed.
    package var isOpen: Bool { handle.map { PQstatus($0) == CONNECTION_OK } ?? false }

    /// The database's name.
    package var database: String { handle.flatMap { PQdb($0) }.map { String(cString: $0) } ?? "" }

    func live(_ what: String) throws(PostgresError) -> OpaquePointer {
        guard let handle else { throw ServerVerdict.lost(what, "it was closed before") }
        return handle
    }
}
