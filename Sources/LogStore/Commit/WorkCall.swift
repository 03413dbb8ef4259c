import Dispatch
import Synchronization

/// Calls one thread to its work, however many callers there are: the first wakes it, and the others need not.
final class WorkCall: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    /// Since the thread last began to look for work.
    private let isCalled = Atomic<Bool>(false)

    /// What was put down before the call is found by the thread.
    func call() {
        // A signal for each caller would send the thread round as many times for nothing.
        if !isCalled.exchange(true, ordering: .acquiringAndReleasing) { semaphore.signal() }
    }

    /// Waits for a call, or until the time is up.
    func wait(for patience: Duration?) {
        if let patience {
            _ = semaphore.wait(timeout: .now() + .nanoseconds(Int(clamping: patience.nanoseconds)))
        } else {
            semaphore.wait()
        }
        _ = isCalled.exchange(false, ordering: .acquiringAndReleasing)
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product &+ attoseconds / 1_000_000_000
    }
}
