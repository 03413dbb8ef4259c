import LogStore
import Synchronization

/// One timer for all deadlines of a coordinator.
final class DeadlineTimer: Sendable {
    private struct State {
        /// What was set before an earlier deadline stands for nothing.
        var ring: UInt64 = 0
        var isStopped = false
    }

    private let clock: LogClock
    private let timers: Timers
    private let state = Mutex(State())

    init(_ clock: LogClock, _ timers: Timers) {
        self.clock = clock
        self.timers = timers
    }

    /// Calls `fire` at `deadline`, or a little later, unless another one is set before.
    func set(_ deadline: Duration, _ fire: @escaping @Sendable () -> Void) {
        let ring = state.withLock { state -> UInt64 in
            state.ring += 1
            return state.ring
        }
        // At least a little: what is due was just done, and a clock may lag behind this one.
        timers.after(max(.milliseconds(1), deadline - clock.monotonic())) { [weak self] in
            guard let self else { return }
            if self.state.withLock({ $0.ring == ring && !$0.isStopped }) { fire() }
        }
    }

    func stop() { state.withLock { $0.isStopped = true } }
}
