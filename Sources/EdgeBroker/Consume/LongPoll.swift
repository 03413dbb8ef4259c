import Dispatch
import LogStore
import RecordFormat
import Synchronization

/// One fetch that waits: ended by new records, by time, by cancellation, or by the broker's close, whichever comes
/// first.
final class LongPoll: Sendable {
    private enum State {
        case idle
        case waiting(ticket: UInt64)
        case ended
    }

    private let directory: LogDirectory
    private let partition: Partition
    private let state = Mutex(State.idle)

    init(_ directory: LogDirectory, _ partition: Partition) {
        self.directory = directory
        self.partition = partition
    }

    /// Waits until the high watermark is above `offset`, `patience` has passed, or the task is cancelled.
    func run(beyond offset: Offset, patience: Duration) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(beyond: offset, patience) { continuation.resume() }
            }
        } onCancel: {
            end()
        }
        // Ends the timer's interest, if the records came first.
        end()
    }

    private func begin(beyond offset: Offset, _ patience: Duration, _ resume: @escaping @Sendable () -> Void) {
        guard let ticket = directory.whenReadable(partition, beyond: offset, resume) else { return }
        let isCancelled = state.withLock { state in
            if case .ended = state { return true }
            state = .waiting(ticket: ticket)
            return false
        }
        if isCancelled { return directory.stopWaiting(ticket, for: partition) }
        // Dispatch keeps all deadlines on one timer: a waiting fetch has no thread and no task.
        let (seconds, attoseconds) = min(patience, .seconds(86_400)).components
        let wait = DispatchTimeInterval.milliseconds(
            Int(clamping: seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
        DispatchQueue.global().asyncAfter(deadline: .now() + wait) { [weak self] in self?.end() }
    }

    private func end() {
        let ticket = state.withLock { state -> UInt64? in
            defer { state = .ended }
            if case .waiting(let ticket) = state { return ticket }
            return nil
        }
        if let ticket { directory.stopWaiting(ticket, for: partition) }
    }
}
