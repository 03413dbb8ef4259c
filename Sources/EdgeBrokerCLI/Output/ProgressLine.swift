import LogStore
import Synchronization

/// Lines on standard error about work that takes long: none in its first second, then at most one a second.
final class ProgressLine: Sendable {
    private static let interval: Int64 = 1_000_000_000

    private let next = Mutex(BenchClock.monotonic() + interval)

    /// - Parameter line: asked for only if it is time for one.
    func tell(_ line: () -> String) {
        let now = BenchClock.monotonic()
        let isDue = next.withLock { next in
            if now < next { return false }
            next = now + Self.interval
            return true
        }
        if isDue { Console.talk(line()) }
    }

    /// Of opening a log.
    static func recovery() -> RecoveryProgress.Listener {
        let line = ProgressLine()
        return { progress in
            line.tell {
                "recovering: \(progress.partitions) of \(progress.ofPartitions) partitions, \(megabytes(progress.scannedBytes)) MB read"
            }
        }
    }

    static func megabytes(_ bytes: Int) -> String { JSONValue.fixed(Double(bytes) / 1e6, 0) }
}
