import KafkaClient

/// What whoever reads makes of a server that goes away.
struct ServerAbsence {
    private let exitsAtEnd: Bool
    private var away: (error: KafkaClientError, since: ContinuousClock.Instant)?

    /// - Parameter exitsAtEnd: nobody waits for what comes some day; otherwise the wait is told, and its end, once each.
    init(exitsAtEnd: Bool) { self.exitsAtEnd = exitsAtEnd }

    /// - Throws: `.unreachable` if there is nothing more to wait for.
    mutating func note(_ events: [ReadEvent], at now: ContinuousClock.Instant) throws(KafkaClientError) {
        for event in events {
            switch event {
            case .away(let error):
                away = (error, now)
                if !exitsAtEnd { Console.talk("\(error.message) Waiting until it does.") }
            case .back:
                away = nil
                if !exitsAtEnd { Console.talk("The server answers again.") }
            case .record, .end, .failure, .trouble: break
            }
        }
        if exitsAtEnd, let away, now - away.since >= KafkaReader.patience { throw away.error }
    }
}
