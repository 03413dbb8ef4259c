/// What one frame may cost, whatever it claims. Checked before memory is taken.
package struct WireLimits: Sendable, Equatable {
    /// Bytes of a frame, its length not included. 100 MiB, as Kafka's `socket.request.max.bytes`.
    package var frameBytes: Int
    /// Elements of all arrays of a message together. Three bytes can stand for an element that takes eighty in memory, so that
    /// the limit on bytes alone would not be one. 262,144 partitions are more than one broker of this kind has.
    package var elements: Int

    package init(frameBytes: Int = 100 << 20, elements: Int = 1 << 18) {
        self.frameBytes = frameBytes
        self.elements = elements
    }
}
