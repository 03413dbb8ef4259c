import NIOCore

/// When a wait ends: a little before its time is over, so that waits which end at about the same time end together. A client takes its time
/// for the longest that it waits, asks again at once, and from then on is one of those whom one wake-up answers.
struct CommonDeadline: Sendable {
    /// At most an eighth of the wait is given away, and never more than a tenth of a second.
    private static let longest = TimeAmount.milliseconds(100)

    let time: NIODeadline

    init(of wait: TimeAmount, at now: NIODeadline) {
        let step = UInt64(max(1, min(wait.nanoseconds / 8, Self.longest.nanoseconds)))
        let end = (now + wait).uptimeNanoseconds
        time = .uptimeNanoseconds(end - end % step)
    }
}
