import RecordFormat

/// One segment as a reader sees it.
struct Segment: Sendable {
    let base: Offset
    let path: String
    /// Bytes that readers may know of: the synced ones, in a buffered partition the written ones. Grows while the segment is
    /// the active one.
    var size: Int
    /// The offset after the last record in these bytes.
    var nextOffset: Offset
    /// `nil` until a reader needed it and it was read or rebuilt.
    var index: OffsetIndex?
    /// The active segment's open file. Others are opened by whoever reads them.
    var file: (any DiskFile)?
    /// When its first and last batch were appended, by the broker's clock; `nil` while it is the active one.
    var appendTimes: ClosedRange<Timestamp>?
    /// What reading keeps of these bytes. A segment whose bytes are replaced must be a new value.
    let access: SegmentAccess

    init(
        base: Offset, path: String, size: Int, nextOffset: Offset, index: OffsetIndex?, file: (any DiskFile)? = nil,
        appendTimes: ClosedRange<Timestamp>? = nil
    ) {
        self.base = base
        self.path = path
        self.size = size
        self.nextOffset = nextOffset
        self.index = index
        self.file = file
        self.appendTimes = appendTimes
        access = SegmentAccess(foundWith: size)
    }
}
