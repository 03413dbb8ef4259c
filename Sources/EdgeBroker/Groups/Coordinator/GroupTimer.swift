import Dispatch
import LogStore
import Synchronization

/// One timer for all sessions of all groups.
final class GroupTimer: Sendable {
    private struct State {
        /// A later ring stands for nothing.
        var ring: UInt64 = 0
        var isStopped = false
    }

    private let clock: LogClock
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "edgebroker.groups")

    init(_ clock: LogClock) { self.clock = clock }

    /// Has `coordinator` see to its deadlines until ``stop()``.
    func serve(_ coordinator: GroupCoordinator) {
        coordinator.onDeadline { [weak self, weak coordinator] deadline in
            guard let self, let coordinator else { return }
            self.set(deadline, coordinator)
        }
    }

    private func set(_ deadline: Duration, _ coordinator: GroupCoordinator) {
        let ring = state.withLock { state -> UInt64 in
            state.ring += 1
            return state.ring
        }
        // At least a little: what is due was just done, and a clock may lag behind this one.
        let (seconds, attoseconds) = max(.milliseconds(1), min(deadline - clock.monotonic(), .seconds(86_400)))
            .components
        let wait = DispatchTimeInterval.milliseconds(Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1)
        queue.asyncAfter(deadline: .now() + wait) { [weak self, weak coordinator] in
            guard let self, let coordinator else { return }
            if self.state.withLock({ $0.ring == ring && !$0.isStopped }) { coordinator.fireTimers() }
        }
    }

    func stop() { state.withLock { $0.isStopped = true } }
}
