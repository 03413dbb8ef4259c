import RecordFormat

/// A place between two batches of a partition, with what is needed to go on writing from there.
struct LogPosition: Sendable, Equatable {
    /// Base offset of the segment.
    var segmentBase: Offset
    /// Bytes of the segment before the place.
    var size: Int
    /// CRC-32C of those bytes.
    var checksum: UInt32
    /// Offset of the next record.
    var nextOffset: Offset
}
