import LogStore
import RecordFormat
import Synchronization

/// The ``AppendClock`` of an open log: it begins when recovery has found the newest append.
final class AppendTime: Sendable {
    private let clock: LogClock
    private let appends = Mutex<AppendClock?>(nil)

    init(_ clock: LogClock) { self.clock = clock }

    func begin(newest: Timestamp?) {
        let start = AppendClock(newest: newest, wall: clock.wall(), monotonic: clock.monotonic())
        appends.withLock { $0 = start }
    }

    var now: Timestamp {
        guard let appends = appends.withLock({ $0 }) else { return clock.wall() }
        return appends.time(at: clock.monotonic())
    }

    /// What the log is opened with: it takes from the calendar only append times.
    var logClock: LogClock { LogClock(monotonic: clock.monotonic, wall: { self.now }) }
}
