package import RecordFormat

/// The clock that appends are stamped with and that retention counts ages by.
///
/// The rule: it goes on from the newest append time in the log, and as fast as the monotonic clock. The calendar only says where
/// it begins in a log that has no append time yet. So a calendar that is set to 2099 for an hour, or to 1970 by a dead battery,
/// makes no record older or younger, and nothing is deleted early. The price: while the broker is not running nothing ages, so
/// records may be kept longer than the calendar says by as much.
package struct AppendClock: Sendable, Equatable {
    private let start: Timestamp
    private let startedAt: Duration

    /// - Parameters:
    ///   - newest: the newest append time in the log, if there is one.
    ///   - wall: the calendar now.
    ///   - monotonic: the monotonic clock now.
    package init(newest: Timestamp?, wall: Timestamp, monotonic: Duration) {
        start = newest ?? wall
        startedAt = monotonic
    }

    /// The time when the monotonic clock shows `monotonic`. It never goes back.
    package func time(at monotonic: Duration) -> Timestamp {
        let (seconds, attoseconds) = max(.zero, monotonic - startedAt).components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isTooLate) = start.millisecondsSince1970.addingReportingOverflow(
            isTooLong ? .max : whole &+ attoseconds / 1_000_000_000_000_000)
        return Timestamp(millisecondsSince1970: isTooLate ? .max : sum)
    }
}
