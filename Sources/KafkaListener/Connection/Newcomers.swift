import NIOCore

/// Connections that have not sent a request yet, in the order in which they came.
///
/// Whoever wants to harm us opens as many as it can: each call takes the same time on average, however many there are.
struct Newcomers: Sendable {
    private struct Arrival {
        let connection: ObjectIdentifier
        let number: Int
    }

    /// The number of each arrival that still counts. Another connection may have the identity of one that has gone.
    private var waiting: [ObjectIdentifier: Int] = [:]
    /// Oldest first; those that do not count any more are passed over.
    private var arrivals = CircularBuffer<Arrival>()
    private var nextNumber = 0

    mutating func add(_ connection: ObjectIdentifier) {
        waiting[connection] = nextNumber
        arrivals.append(Arrival(connection: connection, number: nextNumber))
        nextNumber += 1
    }

    mutating func remove(_ connection: ObjectIdentifier) {
        guard waiting.removeValue(forKey: connection) != nil else { return }
        // Half of them may be of no use, not more.
        if arrivals.count > 2 * waiting.count + 64 { arrivals.removeAll { waiting[$0.connection] != $0.number } }
    }

    mutating func removeOldest() -> ObjectIdentifier? {
        while let arrival = arrivals.popFirst() {
            guard waiting[arrival.connection] == arrival.number else { continue }
            waiting[arrival.connection] = nil
            return arrival.connection
        }
        return nil
    }
}
