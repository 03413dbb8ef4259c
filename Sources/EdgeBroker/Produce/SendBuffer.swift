/// The bytes of a producer that wait for their acknowledgement, and who waits for room among them, in their order.
struct SendBuffer<Waiter: Sendable>: Sendable {
    private struct Waiting: Sendable {
        let ticket: UInt64
        let bytes: Int
        let waiter: Waiter
    }

    private let limit: Int
    private var used = 0
    private var waiting: [Waiting] = []
    private var nextTicket: UInt64 = 0

    init(limit: Int) { self.limit = limit }

    /// Takes the room at once, if there is some and nobody waits. What is larger than the limit may go alone.
    mutating func take(_ bytes: Int) -> Bool {
        guard waiting.isEmpty, fits(bytes) else { return false }
        used += bytes
        return true
    }

    /// A number to wait with, known before the wait so that it can be given up.
    mutating func makeTicket() -> UInt64 {
        nextTicket += 1
        return nextTicket
    }

    mutating func wait(_ ticket: UInt64, for bytes: Int, _ waiter: Waiter) {
        waiting.append(Waiting(ticket: ticket, bytes: bytes, waiter: waiter))
    }

    /// - Returns: who waited with this ticket; `nil` if nobody does any more.
    mutating func giveUp(_ ticket: UInt64) -> Waiter? {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        return waiting.remove(at: index).waiter
    }

    /// - Returns: who has got room by that.
    mutating func release(_ bytes: Int) -> [Waiter] {
        used -= bytes
        precondition(used >= 0, "\(bytes) bytes were released, \(-used) more than were taken")
        return admit()
    }

    /// Whoever fits now; after a ``giveUp(_:)`` of the first it may be others.
    mutating func admit() -> [Waiter] {
        var admitted: [Waiter] = []
        while let first = waiting.first, fits(first.bytes) {
            used += first.bytes
            admitted.append(waiting.removeFirst().waiter)
        }
        return admitted
    }

    private func fits(_ bytes: Int) -> Bool { used == 0 || used + bytes <= limit }
}
