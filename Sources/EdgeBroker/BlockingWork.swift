import Dispatch
import LogStore
import Synchronization

/// Runs blocking work where it belongs: on the committing thread once there is one, at once before that and in
/// simulations.
final class BlockingWork: Sendable {
    private let committer = Mutex<Committer?>(nil)

    func useThread(of committer: Committer) { self.committer.withLock { $0 = committer } }

    func callAsFunction<T: Sendable>(
        _ body: @escaping @Sendable () throws(BrokerError) -> T
    ) async throws(BrokerError) -> T {
        guard let committer = committer.withLock({ $0 }) else { return try body() }
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<T, BrokerError>, Never>) in
            let accepted = committer.enqueue {
                do throws(BrokerError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if !accepted { continuation.resume(returning: .failure(.closed)) }
        }
        return try result.get()
    }

    var hasThread: Bool { committer.withLock { $0 != nil } }

    /// Has the committing thread, which there must be, run `job`, and does not wait for it.
    /// - Returns: false once the broker is closed; the job is dropped then.
    func enqueue(_ job: @escaping @Sendable () -> Void) -> Bool {
        committer.withLock { $0 }?.enqueue(job) ?? false
    }

    /// The same for whoever does not wait for it.
    /// - Returns: false once the broker is closed; then `body` is dropped.
    func begin(_ body: @escaping @Sendable () -> Void) -> Bool {
        guard let committer = committer.withLock({ $0 }) else {
            body()
            return true
        }
        return committer.enqueue(body)
    }

    /// The same for a thread that may block, which must not be the committing one.
    func now(_ body: @escaping @Sendable () throws(BrokerError) -> Void) throws(BrokerError) {
        guard let committer = committer.withLock({ $0 }) else { return try body() }
        let result = Mutex<Result<Void, BrokerError>?>(nil)
        let done = DispatchSemaphore(value: 0)
        let accepted = committer.enqueue {
            do throws(BrokerError) {
                try body()
                result.withLock { $0 = .success(()) }
            } catch {
                result.withLock { $0 = .failure(error) }
            }
            done.signal()
        }
        if !accepted { throw .closed }
        done.wait()
        guard let result = result.withLock({ $0 }) else { preconditionFailure("A job ended without a result") }
        try result.get()
    }

    /// Commits what is staged, closes the directory and ends its thread, if it has one.
    func stop(_ directory: LogDirectory) async {
        if let committer = committer.withLock({ $0 }) { await committer.stop() } else { directory.close() }
    }
}

extension BrokerError {
    static let closed = BrokerError(.closed, "The broker is closed.", remedy: "Open it again.")
}
