import Glibc

/// What a wait ended with. Empty: the time was up.
package struct WaitOutcome: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// The connection has something to read or has broken, or can be written to again.
    package static let connection = WaitOutcome(rawValue: 1)
    /// ``Wakeup/signal()`` was called; it is drained.
    package static let wakeup = WaitOutcome(rawValue: 2)
}

/// Blocks the calling thread until the socket is ready, the wake-up was signalled, or `deadline` has passed.
///
/// - Parameter descriptor: nil to wait for the wake-up alone.
func waitForDescriptor(
    _ descriptor: Int32?, readable: Bool, writable: Bool, wakeup: Wakeup?, until deadline: ContinuousClock.Instant?
) throws(PostgresError) -> WaitOutcome {
    // libpq has dropped the connection; poll(2) would wait for nothing, for ever.
    guard descriptor ?? 0 >= 0 else { throw ServerVerdict.lost("Waiting", "it has no socket any more") }
    let events = (readable ? POLLIN : 0) | (writable ? POLLOUT : 0)
    // poll(2) leaves out a negative descriptor.
    var watched = [
        pollfd(fd: descriptor ?? -1, events: Int16(events), revents: 0),
        pollfd(fd: wakeup?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    while true {
        let count = poll(&watched, nfds_t(watched.count), milliseconds(until: deadline))
        if count < 0 {
            if errno == EINTR { continue }
            throw PostgresError(
                .noResources, "Cannot wait for the connection (errno \(errno)).",
                remedy: "This computer is out of memory or descriptors.")
        }
        var outcome: WaitOutcome = []
        if watched[0].revents != 0 { outcome.insert(.connection) }
        if watched[1].revents != 0 {
            outcome.insert(.wakeup)
            wakeup?.drain()
        }
        return outcome
    }
}

/// Rounded up, so that a wait never spins through its last millisecond. −1 waits without end.
private func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
    guard let deadline else { return -1 }
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}
