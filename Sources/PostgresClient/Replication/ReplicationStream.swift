import CLibPQ
import Glibc

extension PostgresConnection {
    /// Runs `START_REPLICATION`. From here on the connection belongs to the stream.
    ///
    /// - Throws: `.server`, with SQLSTATE 42704 if the slot is absent, 55006 if another session uses it.
    package func startReplication(_ command: String) throws(PostgresError) -> ReplicationStream {
        let raw = try begin(command, PGRES_COPY_BOTH, ReplicationStream.what)
        guard PQsetnonblocking(raw, 1) == 0 else {
            throw ServerVerdict.error(raw, result: nil, doing: ReplicationStream.what)
        }
        return ReplicationStream(self, raw)
    }
}

/// A running replication stream. Nothing in it blocks except ``wait(wakeup:until:)`` and ``close(within:)``.
///
/// The loop of its thread: `next` until `.wouldBlock`, say how far it is with `sendStandbyStatus`, `wait`. Never `wait`
/// first: what came with the answer to START_REPLICATION is in libpq's buffer, and the socket does not tell of it.
package final class ReplicationStream {
    package enum Received {
        case frame(ReplicationFrame)
        /// Nothing complete is here: time to wait.
        case wouldBlock
        /// No frame will come any more.
        case ended(PostgresError)
    }

    static let what = "Replication stream"
    private let connection: PostgresConnection
    private let raw: OpaquePointer
    private var row: UnsafeMutablePointer<CChar>?
    /// The newest status that the socket did not take yet; an older one is worth nothing beside it.
    private var waitingStatus: [UInt8]?
    private var needsFlush = false
    private var end: PostgresError?

    init(_ connection: PostgresConnection, _ raw: OpaquePointer) {
        self.connection = connection
        self.raw = raw
    }

    deinit { PQfreemem(row) }

    /// Waits until the server has sent something, `wakeup` is signalled or `deadline` has passed; reads what is there and
    /// sends what could not be sent before.
    package func wait(
        wakeup: Wakeup?, until deadline: ContinuousClock.Instant?
    ) throws(PostgresError) -> WaitOutcome {
        try stillThere()
        let outcome = try waitForDescriptor(
            PQsocket(raw), readable: true, writable: needsFlush, wakeup: wakeup, until: deadline)
        if outcome.contains(.connection) {
            try consumeInput()
            try flush()
        }
        return outcome
    }

    /// Takes what the socket has, without waiting.
    package func consumeInput() throws(PostgresError) {
        try stillThere()
        guard PQconsumeInput(raw) == 1 else { throw lost() }
    }

    /// The next frame that has arrived. Its bytes are good until the next call.
    package func next() -> Received {
        if let end { return .ended(end) }
        PQfreemem(row)
        row = nil
        let size = PQgetCopyData(raw, &row, 1)
        if size == 0 { return .wouldBlock }
        guard size > 0 else { return .ended(size == -1 ? serversLastWord() : lost()) }
        do throws(PostgresError) {
            return .frame(try ReplicationFrame(decoding: UnsafeRawBufferPointer(start: row, count: Int(size))))
        } catch {
            end = error
            return .ended(error)
        }
    }

    /// Tells the server how far we are, now or as soon as the socket takes it; a newer status replaces one that waits.
    package func sendStandbyStatus(_ status: StandbyStatus) throws(PostgresError) {
        try stillThere()
        waitingStatus = status.encoded(microsecondsSince2000: Self.microsecondsSince2000())
        try flush()
    }

    /// Sends what waits, without blocking. True if nothing is left.
    @discardableResult
    package func flush() throws(PostgresError) -> Bool {
        // Not behind bytes that still wait: libpq would keep every status that the server does not take.
        if try isFlushed(), let status = waitingStatus {
            let queued = status.withUnsafeBytes {
                PQputCopyData(raw, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
            }
            guard queued >= 0 else { throw lost() }
            if queued == 1 { waitingStatus = nil }
        }
        needsFlush = try !isFlushed() || waitingStatus != nil
        return !needsFlush
    }

    private func isFlushed() throws(PostgresError) -> Bool {
        let left = PQflush(raw)
        guard left >= 0 else { throw lost() }
        return left == 0
    }

    /// Ends stream and connection, after at most `patience` for a status that still waits.
    package func close(within patience: Duration = .seconds(1)) {
        let deadline = ContinuousClock.now + patience
        // A status that cannot be sent is sent again after the next start: the server's position only lags.
        while end == nil, needsFlush, ContinuousClock.now < deadline, (try? wait(wakeup: nil, until: deadline)) != nil {
        }
        if end == nil { end = ServerVerdict.lost(Self.what, "we closed it") }
        connection.close()
    }

    private func stillThere() throws(PostgresError) {
        if let end { throw end }
    }

    private func lost() -> PostgresError {
        let error = ServerVerdict.error(raw, result: nil, doing: Self.what)
        end = error
        return error
    }

    /// The server ended the stream in good order: with an error message, or because it shuts down.
    private func serversLastWord() -> PostgresError {
        let result = PQgetResult(raw)
        defer { PQclear(result) }
        let error =
            PQresultStatus(result) == PGRES_FATAL_ERROR
            ? ServerVerdict.error(raw, result: result, doing: Self.what)
            : ServerVerdict.lost(Self.what, "the server ended it")
        end = error
        return error
    }

    private static func microsecondsSince2000() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return (Int64(time.tv_sec) - 946_684_800) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
