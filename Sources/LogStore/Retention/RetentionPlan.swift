package import RecordFormat

/// What of one partition goes by age and by size: whole segments, oldest first, as Kafka's retention.
package struct RetentionPlan: Sendable, Equatable {
    package struct Limits: Sendable, Equatable {
        /// A segment goes when its newest record is older than this; `nil`: none goes by age.
        package var age: Duration?
        /// Segments go while at least as much stays; `nil`: none goes by size.
        package var bytes: Int64?

        package init(age: Duration? = nil, bytes: Int64? = nil) {
            self.age = age
            self.bytes = bytes
        }
    }

    /// The new log start.
    package let logStart: Offset
    /// The segment that is being written goes too and must be closed before.
    package let rollsActive: Bool

    /// - Parameters:
    ///   - segments: oldest first; the last one is being written.
    ///   - now: by ``AppendClock``.
    ///   - limit: no record at or above it goes: the high watermark, and what a downstream still needs.
    /// - Returns: `nil` if nothing goes.
    package init?(_ segments: [RetainedSegment], _ limits: Limits, at now: Timestamp, below limit: Offset) {
        var total = segments.reduce(0) { $0 + $1.bytes }
        var start: Offset?
        var count = 0
        for segment in segments {
            let isOld = Self.isOlder(segment, limits.age, now)
            let isTooMuch = limits.bytes.map { total - segment.bytes >= $0 } ?? false
            guard isOld || isTooMuch, segment.nextOffset <= limit, !segment.isEmpty else { break }
            total -= segment.bytes
            start = segment.nextOffset
            count += 1
        }
        guard let start else { return nil }
        logStart = start
        rollsActive = count == segments.count
    }

    private static func isOlder(_ segment: RetainedSegment, _ age: Duration?, _ now: Timestamp) -> Bool {
        guard let age, let newest = segment.newestAppend else { return false }
        let (passed, overflow) = now.millisecondsSince1970.subtractingReportingOverflow(newest.millisecondsSince1970)
        return !overflow && .milliseconds(passed) > age
    }
}
