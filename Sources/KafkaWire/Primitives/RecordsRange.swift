/// Where record batches stand in a frame. They are neither decoded nor copied: what goes to the log or comes from it stays bytes.
///
/// To encode, only `count` matters: ``EncodedFrame`` has a place of that size, which whoever sends it fills.
package struct RecordsRange: Hashable, Sendable {
    /// Byte of the frame, its length not included.
    package var position: Int
    package var count: Int

    package init() { self.init(count: 0) }

    package init(position: Int = 0, count: Int) {
        self.position = position
        self.count = count
    }

    /// The records in the frame that they were decoded from.
    package func slice(of frame: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        frame.dropFirst(position).prefix(count)
    }
}

/// A place between the bytes of an ``EncodedFrame`` where record data is to be sent.
package struct RecordsPlace: Hashable, Sendable {
    /// Which of the message's record fields it is: they are numbered in order, null and empty ones too.
    package let index: Int
    /// The byte of ``EncodedFrame/bytes`` in front of which the data belongs.
    package let position: Int
    package let count: Int
}
