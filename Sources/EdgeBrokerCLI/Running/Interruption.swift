import Dispatch
import Glibc
import Synchronization

/// Runs `body` so that Ctrl-C cancels it and lets it put things in order. A second Ctrl-C ends the process at once.
/// - Throws: `CancellationError` if it was interrupted, whatever `body` made of it.
func cancelledByInterrupt<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let task = Task(operation: body)
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    let isSecond = Mutex(false)
    source.setEventHandler {
        if isSecond.withLock({ seen in
            defer { seen = true }
            return seen
        }) {
            _exit(ExitStatus.interrupted.rawValue)
        }
        task.cancel()
    }
    source.resume()
    defer { source.cancel() }
    let result = await task.result
    if task.isCancelled { throw CancellationError() }
    return try result.get()
}
