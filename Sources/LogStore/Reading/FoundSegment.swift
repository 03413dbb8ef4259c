import RecordFormat
import Synchronization

/// A segment as a reader found it at one moment, without its indexes: a copy of these would make the writer copy them too
/// with its next entry.
struct FoundSegment {
    let base: Offset
    let path: String
    let size: Int
    let nextOffset: Offset
    /// The active segment's.
    let file: (any DiskFile)?
    let access: SegmentAccess
    let hasIndex: Bool

    init(_ segment: Segment) {
        base = segment.base
        path = segment.path
        size = segment.size
        nextOffset = segment.nextOffset
        file = segment.file
        access = segment.access
        hasIndex = segment.index != nil
    }
}

extension Partition {
    /// The segment whose offsets `offset` is among.
    ///
    /// - Throws: `.offsetOutOfRange` below the log start; `.corrupt` in a gap that damage left.
    func segment(holding offset: Offset) throws(LogStoreError) -> FoundSegment {
        let start = logStart
        if offset < start {
            throw LogStoreError(
                .offsetOutOfRange, "\(topicPartition) begins at offset \(start); \(offset) was asked for.",
                remedy: "Read from \(start).", nextReadable: start)
        }
        let (found, next) = segments.withLock { segments -> (FoundSegment?, Offset?) in
            let behind = segments.firstIndex(above: offset)
            return (
                behind > 0 ? FoundSegment(segments[behind - 1]) : nil,
                behind < segments.count ? segments[behind].base : nil
            )
        }
        if let found, offset < found.nextOffset { return found }
        let gap = found?.nextOffset ?? offset
        throw LogStoreError(
            .corrupt,
            "\(topicPartition) has lost offsets \(gap)..\((next ?? offset.advanced(by: 1)).advanced(by: -1)).",
            remedy: "Run `edgebroker log verify` to see what is damaged.", nextReadable: next)
    }

    /// Whether the segment is still the one that was found: not deleted, not replaced.
    func holds(_ found: FoundSegment) -> Bool {
        segments.withLock { segments in
            let behind = segments.firstIndex(above: found.base)
            return behind > 0 && segments[behind - 1].access === found.access
        }
    }

    /// What `body` finds in the segment's offset index; `nil` if that is not loaded, or the segment is gone.
    func withIndex<Result: Sendable>(of found: FoundSegment, _ body: (OffsetIndex) -> Result?) -> Result? {
        segments.withLock { segments in
            let behind = segments.firstIndex(above: found.base)
            guard behind > 0, segments[behind - 1].access === found.access else { return nil }
            return segments[behind - 1].index.flatMap(body)
        }
    }

    func keepIndex(_ index: OffsetIndex, of found: FoundSegment) {
        segments.withLock { segments in
            let behind = segments.firstIndex(above: found.base)
            guard behind > 0, segments[behind - 1].access === found.access else { return }
            // The active segment may have grown since: what was built is right for its part, and the rest is walked.
            if segments[behind - 1].index == nil { segments[behind - 1].index = index }
        }
    }
}

extension [Segment] {
    /// The first segment whose base lies above `offset`, or the end.
    fileprivate func firstIndex(above offset: Offset) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].base <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
