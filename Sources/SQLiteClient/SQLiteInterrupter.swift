import CSQLite
import Synchronization

/// Ends a running statement of a database from another thread; the only part of a connection that may cross threads.
package final class SQLiteInterrupter: Sendable {
    private struct Handle: @unchecked Sendable {
        // sqlite3_interrupt may be called from any thread while the connection is open; the lock keeps it open.
        var pointer: OpaquePointer?
    }

    private let handle: Mutex<Handle>

    init(_ pointer: OpaquePointer) { handle = Mutex(Handle(pointer: pointer)) }

    /// The running statement, if any, fails with `.interrupted`; its transaction is to be rolled back.
    package func interrupt() {
        handle.withLock { handle in
            if let pointer = handle.pointer { sqlite3_interrupt(pointer) }
        }
    }

    /// Before the connection closes.
    func detach() { handle.withLock { $0.pointer = nil } }
}
