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
    let appendTimes: ClosedRange<Timestamp>?

    init(_ segment: Segment) {
        base = segment.base
        path = segment.path
        size = segment.size
        nextOffset = segment.nextOffset
        file = segment.file
        access = segment.access
        appendTimes = segment.appendTimes
    }
}

extension Partition {
    /// The segment whose offsets `offset` is among.
    ///
    /// - Throws: `.offsetOutOfRange` below the log start; `.deleted`; `.corrupt` in a gap that damage left.
    func segment(holding offset: Offset) throws(LogStoreError) -> FoundSegment {
        let start = logStart
        if offset < start {
            throw LogStoreError(
                .offsetOutOfRange, "\(topicPartition) begins at offset \(start); \(offset) was asked for.",
                remedy: "Read from \(start).", nextReadable: start)
        }
        if isDeleted { throw .deleted(topicPartition) }
        let (found, next) = segments.withLock { segments -> (FoundSegment?, Offset?) in
            let behind = segments.firstIndex(above: offset)
            return (
                behind > 0 ? FoundSegment(segments[behind - 1]) : nil,
                behind < segments.count ? segments[behind].base : nil
            )
        }
        if let found, offset < found.nextOffset { return found }
        if isDeleted { throw .deleted(topicPartition) }
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

    /// The segment's file.
    /// - Returns: `nil` if the segment was deleted or replaced: look again.
    func openedIfHeld(_ found: FoundSegment, on disk: any Disk) throws(DiskError) -> (any DiskFile)? {
        if let active = found.file { return active }
        do throws(DiskError) {
            let file = try disk.open(found.path, .read)
            // Otherwise the name may be that of its replacement by now.
            return holds(found) ? file : nil
        } catch {
            if error.isAbsent, !holds(found) { return nil }
            throw error
        }
    }

    /// What `body` finds in the segment's indexes; `nil` if they are not loaded, or the segment is gone.
    func withIndexes<Result: Sendable>(of found: FoundSegment, _ body: (SegmentIndexes) -> Result) -> Result? {
        let result = segments.withLock { segments -> Result? in
            let behind = segments.firstIndex(above: found.base)
            guard behind > 0, segments[behind - 1].access === found.access else { return nil }
            return segments[behind - 1].indexes.map(body)
        }
        return result ?? found.access.withIndexes(body)
    }

    /// Puts the indexes of the active segment where appends continue them.
    /// - Returns: `nil` if they are there now, or the segment is gone; otherwise the size to which it has grown beyond them.
    func keep(_ indexes: SegmentIndexes, of found: FoundSegment, isDamaged: Bool) -> Int? {
        segments.withLock { segments in
            let behind = segments.firstIndex(above: found.base)
            guard behind > 0, segments[behind - 1].access === found.access, segments[behind - 1].indexes == nil else {
                return nil
            }
            let size = segments[behind - 1].size
            if indexes.end != size, !isDamaged { return size }
            segments[behind - 1].indexes = indexes
            return nil
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
