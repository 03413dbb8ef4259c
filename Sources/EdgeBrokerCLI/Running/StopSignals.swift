import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT as a wish to stop: the first is handed on, the second ends the process at once.
///
/// Ending at once is safe at any moment, as a kill is: the next start takes up where the log ends.
final class StopSignals: Sendable {
    /// The status that a stop for this signal ends with.
    static func status(of signal: Int32) -> ExitStatus { signal == SIGINT ? .interrupted : .done }

    /// Longer than any clean stop should take, shorter than what is promised.
    private static let patience = DispatchTimeInterval.seconds(9)

    let stops: AsyncStream<Int32>
    private let feed: AsyncStream<Int32>.Continuation
    private let first = Mutex<Int32?>(nil)
    private let onFirst: @Sendable (_ signal: String) -> Void
    // Sources end with their last reference. Dispatch's own locks guard them; they are only kept here.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    /// - Parameter onFirst: called with the name of the first signal when it comes, whatever the process is doing, on a thread of Dispatch.
    init(onFirst: @escaping @Sendable (_ signal: String) -> Void) {
        self.onFirst = onFirst
        (stops, feed) = AsyncStream.makeStream()
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (source, number) in zip(sources, [SIGTERM, SIGINT]) {
            source.setEventHandler { [weak self] in self?.received(number) }
            source.resume()
        }
    }

    private func received(_ number: Int32) {
        let isFirst = first.withLock { first in
            if first != nil { return false }
            first = number
            return true
        }
        guard isFirst else { _exit(Self.status(of: number).rawValue) }
        feed.yield(number)
        endInTime(with: Self.status(of: number))
        // Last: whoever reads what is said may hang, and the stop must not hang with him.
        onFirst(number == SIGINT ? "SIGINT" : "SIGTERM")
    }

    /// Ends the process with this status if the clean stop, which has begun, takes too long.
    func endInTime(with status: ExitStatus) {
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) {
            Console.talk("The clean stop takes too long; ending at once. Nothing acknowledged is lost.")
            _exit(status.rawValue)
        }
    }
}
