import CLibPQ
import Glibc
import Synchronization

/// Stops a connection's blocking call from another thread.
package final class PostgresInterrupt: Sendable {
    /// A PGcancel holds the server's address and the session's key; nothing changes it until it is freed, and PQcancel is
    /// documented to be thread-safe.
    private struct CancelKey: @unchecked Sendable { let raw: OpaquePointer? }
    private let key: CancelKey
    /// A second descriptor of the connection's socket: libpq closes its own as soon as it notices a loss, and the number
    /// may then belong to another file. Nil once the connection is closing.
    private let socket: Mutex<Int32?>

    init(_ connection: OpaquePointer) throws(PostgresError) {
        let copy = fcntl(PQsocket(connection), F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else {
            throw PostgresError(
                .noResources, "Cannot duplicate a descriptor (errno \(errno)).",
                remedy: "Raise the limit of open files (`ulimit -n`, `LimitNOFILE=`).")
        }
        socket = Mutex(copy)
        key = CancelKey(raw: PQgetCancel(connection))
    }

    deinit {
        PQfreeCancel(key.raw)
        connectionWillClose()
    }

    /// Asks the server to give up the statement under way, which then fails with `.cancelled`. Blocks for one connection
    /// to the server.
    ///
    /// - Returns: false if the request could not be delivered. True does not promise that a statement was under way.
    @discardableResult
    package func cancel() -> Bool {
        guard let raw = key.raw else { return false }
        var words = [CChar](repeating: 0, count: 256)
        return PQcancel(raw, &words, Int32(words.count)) == 1
    }

    /// Cuts the connection at once and without the network's help; every call on it fails with `.connectionLost`.
    package func disconnect() {
        socket.withLock { if let socket = $0 { _ = shutdown(socket, Int32(SHUT_RDWR)) } }
    }

    func connectionWillClose() {
        socket.withLock {
            if let socket = $0 { _ = close(socket) }
            $0 = nil
        }
    }
}
