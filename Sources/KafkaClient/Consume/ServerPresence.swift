internal import CRdKafka

/// Whether the server is still there while nothing comes from it: librdkafka connects again for ever, and says nothing of that to a reader.
struct ServerPresence {
    /// So long nothing may come before the server is asked: a connection that a router has forgotten tells of no trouble.
    private static let doubtAfter = Duration.seconds(5)

    private var sureAt = ContinuousClock.now
    private var troubles = 0
    private var isAway = false

    /// - Parameter events: what has just come.
    /// - Returns: `.away` or `.back`, once for each change.
    /// Waits two seconds at most, and only if there is reason to doubt.
    mutating func change(after events: [ReadEvent], of handle: ClientHandle) -> ReadEvent? {
        if !events.isEmpty { return isThere() }
        let seen = handle.reports.trouble.count
        guard isAway || seen != troubles || ContinuousClock.now - sureAt >= Self.doubtAfter else { return nil }
        troubles = seen
        guard let error = handle.absence() else { return isThere() }
        if isAway { return nil }
        isAway = true
        return .away(error)
    }

    private mutating func isThere() -> ReadEvent? {
        sureAt = .now
        if !isAway { return nil }
        isAway = false
        return .back
    }
}
