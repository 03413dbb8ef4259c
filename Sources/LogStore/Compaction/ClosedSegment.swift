package import RecordFormat

/// What a compaction has to know of a segment that is sealed.
package struct ClosedSegment: Sendable, Equatable {
    package var base: Offset
    package var nextOffset: Offset
    package var bytes: Int
    package var appendTimes: ClosedRange<Timestamp>
    /// ``SegmentSeal/isCompacted``.
    package var isCompacted: Bool

    package init(
        base: Offset, nextOffset: Offset, bytes: Int, appendTimes: ClosedRange<Timestamp>, isCompacted: Bool
    ) {
        self.base = base
        self.nextOffset = nextOffset
        self.bytes = bytes
        self.appendTimes = appendTimes
        self.isCompacted = isCompacted
    }
}

extension Timestamp {
    /// Whether it lies at least `duration` before `now`; no time overflows.
    func isPast(by duration: Duration, at now: Timestamp) -> Bool {
        let (age, overflows) = now.millisecondsSince1970.subtractingReportingOverflow(millisecondsSince1970)
        return !overflows && Duration.milliseconds(age) >= duration
    }

    func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isTooLate) = millisecondsSince1970.addingReportingOverflow(
            isTooLong ? .max : whole &+ attoseconds / 1_000_000_000_000_000)
        return Timestamp(millisecondsSince1970: isTooLate ? .max : sum)
    }
}
