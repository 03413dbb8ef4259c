import PostgresClient
import Synchronization

/// How the capturing thread is asked to end, whatever it is waiting for.
final class StopSignal: Sendable {
    /// Signalled for everything that the thread has to look at: a stop, an append that is synced, an answer of the broker.
    let wakeup: Wakeup

    private struct State {
        var isStopped = false
        /// The connections in whose blocking calls the thread may be.
        var blocking: [PostgresInterrupt] = []
    }
    private let state = Mutex(State())

    init() throws(CaptureError) {
        do throws(PostgresError) {
            wakeup = try Wakeup()
        } catch {
            throw CaptureError(error, "Capture cannot start")
        }
    }

    var isStopped: Bool { state.withLock(\.isStopped) }

    func stop() {
        let blocking = state.withLock { state in
            state.isStopped = true
            return state.blocking
        }
        for interrupt in blocking { interrupt.disconnect() }
        wakeup.signal()
    }

    /// From now on a stop cuts this connection: a COPY or the wait for an old transaction may take hours.
    func cutsOff(_ connection: PostgresConnection) {
        let isStopped = state.withLock { state in
            state.blocking.append(connection.interrupt)
            return state.isStopped
        }
        if isStopped { connection.interrupt.disconnect() }
    }

    /// From now on a stop leaves this connection alone: it has something to say before it ends.
    func spares(_ connection: PostgresConnection) {
        state.withLock { $0.blocking.removeAll { $0 === connection.interrupt } }
    }

    static let stopped = CaptureError(.stopped, "Capture was asked to end.", remedy: "Start it again.")

    func check() throws(CaptureError) { if isStopped { throw Self.stopped } }
}
