package import RecordFormat

/// Up to where an LSN may be confirmed to Postgres: the end of the last transaction whose index record, and all before it,
/// are synced. Pure; the broken rule here would lose data, so it stands alone.
package struct Confirmation: Sendable {
    /// Written at most this often when nothing else moves the position …
    package static let positionInterval = Duration.seconds(10)
    /// … or after this much WAL …
    package static let positionBytes: UInt64 = 16 << 20
    /// … or when the server asks and this has passed: a server that shuts down waits until everything is confirmed.
    package static let requestedInterval = Duration.seconds(1)

    private struct Pending {
        let ticket: UInt64
        let end: LSN
        var isSynced = false
    }

    /// Synced.
    package private(set) var confirmed: LSN
    /// In an index record, synced or not.
    package private(set) var appended: LSN
    /// By ticket, without a gap.
    private var pending: [Pending] = []
    private var nextTicket: UInt64 = 0
    /// The end of the WAL in which there was nothing of ours.
    private var idleEnd: LSN?
    private var isRequested = false
    private var lastPosition: ContinuousClock.Instant

    /// - Parameter position: what the log has, synced.
    package init(position: LSN, now: ContinuousClock.Instant) {
        confirmed = position
        appended = position
        lastPosition = now
    }

    package var hasNothingInFlight: Bool { pending.isEmpty }

    /// An index record was appended. With the end it has, or `nil` when it moves no position.
    /// - Returns: the ticket for ``synced(_:)``.
    package mutating func append(end: LSN?) -> UInt64 {
        if let end { appended = max(appended, end) }
        defer { nextTicket += 1 }
        pending.append(Pending(ticket: nextTicket, end: appended))
        return nextTicket
    }

    package mutating func synced(_ tickets: [UInt64]) {
        for ticket in tickets {
            guard let first = pending.first?.ticket, ticket >= first, ticket < nextTicket else {
                preconditionFailure("Ticket \(ticket) was synced twice or never given")
            }
            pending[Int(ticket - first)].isSynced = true
        }
        // What is synced after something that is not must wait for it.
        let done = pending.prefix(while: \.isSynced)
        if let last = done.last { confirmed = max(confirmed, last.end) }
        pending.removeFirst(done.count)
    }

    /// The server has sent everything before `end`, and there was nothing of ours since the last transaction.
    package mutating func passed(_ end: LSN, isRequested: Bool) {
        idleEnd = max(idleEnd ?? end, end)
        self.isRequested = self.isRequested || isRequested
    }

    /// - Returns: the end for a `position` record that is due now. It counts as written.
    package mutating func duePosition(isInTransaction: Bool, now: ContinuousClock.Instant) -> LSN? {
        guard let end = idleEnd, end > appended, pending.isEmpty, !isInTransaction else { return nil }
        let waited = lastPosition.duration(to: now)
        let isDue =
            waited >= Self.positionInterval || end.rawValue - appended.rawValue >= Self.positionBytes
            || (isRequested && waited >= Self.requestedInterval)
        guard isDue else { return nil }
        isRequested = false
        lastPosition = now
        return end
    }
}
