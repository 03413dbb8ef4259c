import RecordFormat

/// A place between two batches of a partition, with what is needed to go on writing from there.
struct LogPosition: Sendable {
    /// Base offset of the segment.
    var segmentBase: Offset
    /// Bytes of the segment before the place.
    var size: Int
    /// CRC-32C of those bytes.
    var checksum: UInt32
    /// Offset of the next record.
    var nextOffset: Offset
    /// Of the batches before the place; `nil` if there is none, or nobody has looked at them all.
    var fingerprint: SegmentFingerprint?

    /// Goes behind a good batch that stands here.
    mutating func pass(_ header: RecordBatchHeader, _ wholeBatch: UnsafeRawBufferPointer) {
        if size == 0 { fingerprint = SegmentFingerprint(header) } else { fingerprint?.note(header) }
        checksum = header.checksum(of: wholeBatch, continuing: checksum)
        size += wholeBatch.count
        nextOffset = header.nextOffset
    }
}

extension LogPosition: Equatable {
    /// What is known of the place is no part of it.
    static func == (left: LogPosition, right: LogPosition) -> Bool {
        left.segmentBase == right.segmentBase && left.size == right.size && left.checksum == right.checksum
            && left.nextOffset == right.nextOffset
    }
}
