package import RecordFormat

/// What retention has to know of a segment.
package struct RetainedSegment: Sendable, Equatable {
    package var base: Offset
    package var nextOffset: Offset
    package var bytes: Int64
    /// When its last record was appended, by ``AppendClock``; `nil` if nobody knows, and then it does not go by age.
    package var newestAppend: Timestamp?

    package init(base: Offset, nextOffset: Offset, bytes: Int64, newestAppend: Timestamp?) {
        self.base = base
        self.nextOffset = nextOffset
        self.bytes = bytes
        self.newestAppend = newestAppend
    }

    package var isEmpty: Bool { nextOffset == base }
}
