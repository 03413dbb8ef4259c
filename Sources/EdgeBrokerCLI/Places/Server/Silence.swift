import KafkaClient

/// How long no record has come.
struct Silence {
    /// `nil`: for ever, if need be.
    private let patience: Duration?
    private var since: ContinuousClock.Instant

    init(patience: Duration?, from now: ContinuousClock.Instant) {
        self.patience = patience
        since = now
    }

    /// - Parameter events: what has come since the last call.
    /// - Returns: whether it has lasted too long.
    mutating func isOver(after events: [ReadEvent], at now: ContinuousClock.Instant) -> Bool {
        guard let patience else { return false }
        if events.contains(where: { if case .record = $0 { true } else { false } }) { since = now }
        return now - since >= patience
    }
}
