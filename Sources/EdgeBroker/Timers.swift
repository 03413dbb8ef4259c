import Dispatch

/// Calls something later. Injected, so that a test can be the time.
package struct Timers: Sendable {
    /// - Parameter delay: 0 or more; at most a day counts.
    package let after: @Sendable (_ delay: Duration, _ body: @escaping @Sendable () -> Void) -> Void

    package init(after: @escaping @Sendable (Duration, @escaping @Sendable () -> Void) -> Void) { self.after = after }

    /// Dispatch keeps all deadlines on one timer: whoever waits has no thread.
    package static let dispatch = Timers { delay, body in
        let (seconds, attoseconds) = min(delay, .seconds(86_400)).components
        // Rounded up: a deadline must have passed when its call comes.
        let microseconds = Int(seconds) * 1_000_000 + Int((attoseconds + 999_999_999_999) / 1_000_000_000_000)
        DispatchQueue.global().asyncAfter(deadline: .now() + .microseconds(microseconds), execute: body)
    }
}
