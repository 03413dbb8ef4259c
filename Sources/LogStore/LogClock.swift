package import RecordFormat

/// The two clocks of the log, injected so that a test can be the time.
package struct LogClock: Sendable {
    /// Time since some fixed moment; never goes back. Schedules marks and re-openings.
    package var monotonic: @Sendable () -> Duration
    /// The calendar's time, which may jump. Only noted in files, as append time.
    package var wall: @Sendable () -> Timestamp

    package init(monotonic: @escaping @Sendable () -> Duration, wall: @escaping @Sendable () -> Timestamp) {
        self.monotonic = monotonic
        self.wall = wall
    }
}
