import CPlatform
import Glibc

/// Wakes a thread that waits for its connection. Any thread may signal; signals before the wait are not lost, and many
/// count as one.
package final class Wakeup: Sendable {
    let descriptor: Int32

    package init() throws(PostgresError) {
        descriptor = edgebroker_eventfd()
        guard descriptor >= 0 else {
            throw PostgresError(
                .noResources, "Cannot create an event descriptor (errno \(errno)).",
                remedy: "Raise the limit of open files (`ulimit -n`, `LimitNOFILE=`).")
        }
    }

    deinit { _ = Glibc.close(descriptor) }

    package func signal() {
        var one: UInt64 = 1
        // It fails only when 2^64-2 signals wait already, and then the thread wakes anyway.
        _ = write(descriptor, &one, 8)
    }

    /// Forgets the signals so far. Look at what they announced after this, not before.
    package func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
