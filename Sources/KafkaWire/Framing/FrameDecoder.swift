/// Cuts what comes from a connection into frames: an int32 length, then as many bytes.
///
/// Memory is taken for bytes that have come, never for a length that only claims them. A frame is handed out as a slice of what
/// was received, without a copy.
package struct FrameDecoder: Sendable {
    private static let prefixSize = MemoryLayout<Int32>.size

    private let limit: Int
    private var received: [UInt8] = []
    private var start = 0

    package init(limit: Int = WireLimits().frameBytes) { self.limit = limit }

    /// Bytes that belong to frames not yet handed out.
    package var bytesWaiting: Int { received.count - start }

    /// Takes bytes as they come, in pieces of any size.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if start > 0 {
            // Frames that were handed out keep their memory; the part of the next one moves to its own.
            received = Array(received[start...])
            start = 0
        }
        received.append(contentsOf: bytes)
    }

    /// The next whole frame without its length, or `nil` until more has come. After an error the connection is of no use.
    /// - Throws: `.frameLength` for a length that is negative, `.tooLong` for one above the limit.
    package mutating func next() throws(WireError) -> ArraySlice<UInt8>? {
        guard bytesWaiting >= Self.prefixSize else { return nil }
        var length: Int32 = 0
        for byte in received[start..<(start + Self.prefixSize)] { length = length << 8 | Int32(byte) }
        guard length >= 0 else { throw WireError(.frameLength(Int(length)), at: 0) }
        guard length <= limit else { throw WireError(.tooLong(Int(length), limit: limit), at: 0) }
        let begin = start + Self.prefixSize
        guard received.count - begin >= Int(length) else { return nil }
        let frame = received[begin..<(begin + Int(length))]
        start = begin + Int(length)
        if start == received.count {
            received = []
            start = 0
        }
        return frame
    }
}
