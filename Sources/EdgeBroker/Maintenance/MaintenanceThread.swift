import Dispatch
import LogStore
import Synchronization

/// Runs maintenance passes on a thread of its own, a second after the one before or when it is woken.
final class MaintenanceThread: Sendable {
    private struct State {
        var isStopping = false
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private static let pause = DispatchTimeInterval.seconds(1)

    private let pass: @Sendable () -> Void
    private let state = Mutex(State())
    private let wakeup = DispatchSemaphore(value: 0)

    /// - Throws: `.storage` if the system has no thread to give.
    init(_ pass: @escaping @Sendable () -> Void) throws(LogStoreError) {
        self.pass = pass
        do throws(DiskError) {
            try PlatformThread.start(name: "maintenance") { self.run() }
        } catch {
            throw LogStoreError("Cannot maintain the log", error)
        }
    }

    private func run() {
        while true {
            _ = wakeup.wait(timeout: .now() + Self.pause)
            if state.withLock({ $0.isStopping }) { break }
            pass()
        }
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Has the next pass begin now.
    func wake() { wakeup.signal() }

    /// Returns when the pass that runs has ended and no other will begin.
    func stop() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let hasEnded = state.withLock { state in
                state.isStopping = true
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() } else { wakeup.signal() }
        }
    }
}
