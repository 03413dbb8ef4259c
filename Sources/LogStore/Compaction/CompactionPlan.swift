package import RecordFormat

/// Whether a partition is due for a compaction, and which segments that is about.
///
/// Clean is what a compaction has been over: in it, no key has two records. It is the longest run of segments from the oldest on
/// whose seals say so. What follows is dirty, up to the last segment that may be touched.
package struct CompactionPlan: Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        case dirtyRatio(Double)
        case maximumLag
    }

    /// Oldest first. Neighbours may leave a gap, where damage was found.
    package let clean: [ClosedSegment]
    /// Not empty.
    package let dirty: [ClosedSegment]
    package let reason: Reason

    package var segments: [ClosedSegment] { clean + dirty }

    /// - Parameters:
    ///   - segments: the closed ones, oldest first.
    ///   - limit: nothing at or above it is touched: the last stable offset, which is never above the high watermark.
    ///   - now: by ``AppendClock``.
    /// - Returns: `nil` if the partition is not due.
    package init?(_ segments: [ClosedSegment], _ policy: CompactionPolicy, at now: Timestamp, below limit: Offset) {
        clean = Array(segments.prefix { $0.isCompacted && $0.nextOffset <= limit })
        dirty = Array(
            segments[clean.count...].prefix { segment in
                segment.nextOffset <= limit
                    && (policy.minimumLag == .zero
                        || segment.appendTimes.upperBound.isPast(by: policy.minimumLag, at: now))
            })
        guard let first = dirty.first else { return nil }
        let dirtyBytes = dirty.reduce(0) { $0 + $1.bytes }
        let ratio = Double(dirtyBytes) / Double(max(1, clean.reduce(dirtyBytes) { $0 + $1.bytes }))
        if let lag = policy.maximumLag, first.appendTimes.lowerBound.isPast(by: lag, at: now) {
            reason = .maximumLag
        } else if dirtyBytes > 0, ratio >= policy.dirtyRatio {
            reason = .dirtyRatio(ratio)
        } else {
            return nil
        }
    }

    /// Whether a segment joins those before it.
    ///
    /// - Parameters:
    ///   - offsets: of what they have become.
    ///   - bytes: that these take now. What `next` will take is not known yet, only that it is hardly more than it takes now.
    package static func joins(
        _ next: ClosedSegment, _ offsets: Range<Offset>, bytes: Int, segmentBytes: Int
    ) -> Bool {
        // A gap stays between two segments, and index entries hold offsets relative to the base in 32 bits.
        offsets.upperBound == next.base && bytes + next.bytes <= segmentBytes
            && next.nextOffset.rawValue - offsets.lowerBound.rawValue <= Int64(Int32.max)
    }
}
