import LogStore
import RecordFormat
import Synchronization

/// One fetch that waits for any of its partitions: ended by new records, by time, by cancellation, or by the broker's close,
/// whichever comes first. It costs no thread and no task.
package final class LongPoll: Sendable {
    private enum State {
        case idle
        case waiting(tickets: [(UInt64, Partition)], resume: @Sendable () -> Void)
        case ended
    }

    private let directory: LogDirectory
    private let positions: [(partition: Partition, offset: Offset)]
    private let isolation: Isolation
    private let timers: Timers
    private let state = Mutex(State.idle)

    /// - Parameter positions: each waits for a high watermark, or a last stable offset, above its offset.
    init(
        _ directory: LogDirectory, _ positions: [(partition: Partition, offset: Offset)],
        _ isolation: Isolation = .uncommitted, _ timers: Timers
    ) {
        self.isolation = isolation
        self.directory = directory
        self.positions = positions
        self.timers = timers
    }

    /// Waits until there is something to read, `patience` has passed, or the task is cancelled.
    func run(patience: Duration) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in begin(patience: patience) { continuation.resume() } }
        } onCancel: {
            end()
        }
    }

    /// The same for whoever cannot wait: calls `resume` once, perhaps at once, on any thread.
    /// - Parameter patience: `nil`: whoever called has a timer of its own, and calls ``end()``.
    package func begin(patience: Duration?, _ resume: @escaping @Sendable () -> Void) {
        let mayWait = state.withLock { state in
            if case .ended = state { return false }
            state = .waiting(tickets: [], resume: resume)
            return true
        }
        if !mayWait { return resume() }
        for (partition, offset) in positions {
            guard
                let ticket = directory.whenReadable(
                    partition, beyond: offset, isolation: isolation, { [self] in end() })
            else { return }
            let isWaiting = state.withLock { state in
                guard case .waiting(var tickets, let resume) = state else { return false }
                // Nobody else has them now, so that one more does not copy them all.
                state = .idle
                tickets.append((ticket, partition))
                state = .waiting(tickets: tickets, resume: resume)
                return true
            }
            if !isWaiting { return directory.stopWaiting(ticket, for: partition) }
        }
        guard let patience else { return }
        timers.after(patience) { [weak self] in self?.end() }
    }

    /// Ends the wait now, whether it has begun or not.
    package func end() {
        let former = state.withLock { state in
            defer { state = .ended }
            return state
        }
        guard case .waiting(let tickets, let resume) = former else { return }
        // Each of these calls back here, where nobody waits any more.
        for (ticket, partition) in tickets { directory.stopWaiting(ticket, for: partition) }
        resume()
    }
}
