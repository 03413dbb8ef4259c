import Dispatch
import Glibc
import Synchronization

/// Runs `body` so that Ctrl-C, or SIGTERM, cancels it and lets it put things in order. A second one ends the process at once.
/// - Throws: if it was stopped, whatever `body` made of it: `CancellationError` for Ctrl-C, a `Failure` for SIGTERM.
func cancelledByInterrupt<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    let task = Task(operation: body)
    let first = Mutex<Int32?>(nil)
    let sources = [SIGINT, SIGTERM].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            let isSecond = first.withLock { first in
                if first != nil { return true }
                first = number
                return false
            }
            if isSecond { _exit(number == SIGINT ? ExitStatus.interrupted.rawValue : ExitStatus.terminated.rawValue) }
            task.cancel()
        }
        source.resume()
        return source
    }
    defer { for source in sources { source.cancel() } }
    let result = await task.result
    if task.isCancelled {
        if first.withLock({ $0 }) == SIGTERM { throw Failure(.terminated, "Stopped by SIGTERM.") }
        throw CancellationError()
    }
    return try result.get()
}
