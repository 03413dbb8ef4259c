import LogStore
import Synchronization

/// One timer for all sessions of all groups.
final class GroupTimer: Sendable {
    private struct State {
        /// A later one has taken the place of those before it.
        var alarm: UInt64 = 0
        var isStopped = false
    }

    private let clock: LogClock
    private let timers: Timers
    private let state = Mutex(State())

    init(_ clock: LogClock, _ timers: Timers) {
        self.clock = clock
        self.timers = timers
    }

    /// Has `coordinator` see to its deadlines until ``stop()``.
    func serve(_ coordinator: GroupCoordinator) {
        coordinator.onDeadline { [weak self, weak coordinator] deadline in
            guard let self, let coordinator else { return }
            self.set(deadline, coordinator)
        }
    }

    private func set(_ deadline: Duration, _ coordinator: GroupCoordinator) {
        let alarm = state.withLock { state -> UInt64 in
            state.alarm += 1
            return state.alarm
        }
        timers.after(max(.zero, deadline - clock.monotonic())) { [weak self, weak coordinator] in
            guard let self, let coordinator else { return }
            if self.state.withLock({ $0.alarm == alarm && !$0.isStopped }) { coordinator.fireTimers() }
        }
    }

    func stop() { state.withLock { $0.isStopped = true } }
}
