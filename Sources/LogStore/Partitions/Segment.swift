import RecordFormat

/// One segment as a reader sees it.
struct Segment: Sendable {
    let base: Offset
    let path: String
    /// Bytes that are synced. Grows while the segment is the active one.
    var size: Int
    /// The offset after its last synced record.
    var nextOffset: Offset
    /// `nil` until a reader needed it and it was read or rebuilt.
    var index: OffsetIndex?
    /// The active segment's open file. Others are opened by whoever reads them.
    var file: (any DiskFile)?
}
