import KafkaWire
import Testing

@Suite("A frame decoder")
struct FrameDecoderTests {
    private static let stream: [UInt8] = [0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 2, 4, 5]
    private static let frames: [[UInt8]] = [[1, 2, 3], [], [4, 5]]

    @Test("finds the same frames in pieces of any size", arguments: 1...17)
    func pieces(size: Int) throws {
        var decoder = FrameDecoder()
        var frames: [ArraySlice<UInt8>] = []
        for start in stride(from: 0, to: Self.stream.count, by: size) {
            let piece = Self.stream[start..<min(start + size, Self.stream.count)]
            piece.withUnsafeBytes { decoder.append($0) }
            while let frame = try decoder.next() { frames.append(frame) }
        }
        #expect(frames.map(Array.init) == Self.frames)
        #expect(decoder.bytesWaiting == 0)
    }

    @Test("keeps what is not a whole frame yet")
    func waiting() throws {
        var decoder = FrameDecoder()
        Self.stream[..<9].withUnsafeBytes { decoder.append($0) }
        #expect(try decoder.next().map(Array.init) == [1, 2, 3])
        #expect(try decoder.next() == nil)
        #expect(decoder.bytesWaiting == 2)
    }

    @Test("refuses a length that is negative, or above the limit, before it has come")
    func lengths() {
        for (prefix, expected) in [
            ([0xff, 0xff, 0xff, 0xff], WireError.Defect.frameLength(-1)),
            ([0x80, 0, 0, 0], .frameLength(-2_147_483_648)),
            ([0x7f, 0xff, 0xff, 0xff], .tooLong(2_147_483_647, limit: 100)),
            ([0, 0, 0, 101], .tooLong(101, limit: 100)),
        ] as [([UInt8], WireError.Defect)] {
            var decoder = FrameDecoder(limit: 100)
            prefix.withUnsafeBytes { decoder.append($0) }
            #expect(defect { () throws(WireError) in try decoder.next() } == expected)
        }
    }

    @Test("takes a frame of exactly the limit")
    func limit() throws {
        var decoder = FrameDecoder(limit: 2)
        Self.stream[11...].withUnsafeBytes { decoder.append($0) }
        #expect(try decoder.next().map(Array.init) == [4, 5])
    }
}
