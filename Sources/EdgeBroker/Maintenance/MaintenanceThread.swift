import Dispatch
import LogStore
import Synchronization

/// Runs maintenance on a thread of its own: a pass a second after the one before or when it is woken, and in between, as long as there
/// is one, steps of work that can wait.
final class MaintenanceThread: Sendable {
    private struct State {
        var isStopping = false
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private static let pause: UInt64 = 1_000_000_000
    /// After a step there is a rest of so many times its length, so that appends keep the disk and a core for themselves.
    private static let rest: UInt64 = 3
    private static let shortestRest: UInt64 = 1_000_000

    private let pass: @Sendable () -> Void
    private let step: @Sendable () -> Bool
    private let state = Mutex(State())
    private let wakeup = DispatchSemaphore(value: 0)

    /// - Parameter step: answers whether there is more to do.
    /// - Throws: `.storage` if the system has no thread to give.
    init(pass: @escaping @Sendable () -> Void, step: @escaping @Sendable () -> Bool) throws(LogStoreError) {
        self.pass = pass
        self.step = step
        do throws(DiskError) {
            try PlatformThread.start(name: "maintenance") { self.run() }
        } catch {
            throw LogStoreError("Cannot maintain the log", error)
        }
    }

    private func run() {
        var nextPass = Self.now + Self.pause
        var nextStep = nextPass
        while true {
            let isWoken = wakeup.wait(timeout: DispatchTime(uptimeNanoseconds: min(nextPass, nextStep))) == .success
            if state.withLock({ $0.isStopping }) { break }
            if isWoken || Self.now >= nextPass {
                pass()
                nextPass = Self.now + Self.pause
            }
            if Self.now < nextStep { continue }
            let start = Self.now
            let isBusy = step()
            let end = Self.now
            nextStep = isBusy ? end + max(Self.shortestRest, Self.rest * (end - start)) : nextPass
        }
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

    /// Has the next pass begin now.
    func wake() { wakeup.signal() }

    /// Returns when what runs has ended and nothing else will begin.
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
