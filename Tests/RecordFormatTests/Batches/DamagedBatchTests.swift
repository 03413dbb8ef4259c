import RecordFormat
import Testing

@Suite("A damaged record batch")
struct DamagedBatchTests {
    private static func batch(seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: seed)
        return RecordBatchBuilder.batch(of: (0..<8).map { _ in Record.random(using: &generator) })
    }

    @Test("is refused when it is cut, wherever, and when something follows it")
    func truncated() {
        let batch = Self.batch(seed: 1)
        for count in batch.indices where RawBatch(Array(batch[..<count])).error() == nil {
            Issue.record("decoded from its first \(count) of \(batch.count) bytes")
        }
        #expect(RawBatch(batch + [0]).error()?.code == .sizeMismatch)
    }

    /// The base offset and the leader epoch are the broker's and outside the CRC (DESIGN D1: the segment's seal covers them).
    private static let outsideTheCRC: [Range<Int>] = [0..<8, 12..<16]

    @Test(
        "is refused when any bit is flipped, except in the two fields that its CRC does not cover",
        arguments: 2..<6 as Range<UInt64>)
    func flippedBit(seed: UInt64) throws {
        var batch = RawBatch(Self.batch(seed: seed))
        let records = try batch.decoded().map(\.record)
        for bit in 0..<(batch.bytes.count * 8) {
            let (byte, mask) = (bit / 8, UInt8(1) << (bit % 8))
            batch.bytes[byte] ^= mask
            if !Self.outsideTheCRC.contains(where: { $0.contains(byte) }) {
                if batch.error() == nil { Issue.record("decoded with bit \(bit) flipped") }
            } else if let decoded = try? batch.decoded(), decoded.map(\.record) != records {
                Issue.record("decoded to other records with bit \(bit) flipped")
            }
            batch.bytes[byte] ^= mask
        }
    }

    @Test("of random bytes is refused", arguments: 0..<8 as Range<UInt64>)
    func garbage(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            var bytes = Bytes.random(count: Int.random(in: 0...200, using: &generator), using: &generator)
            if bytes.count > 16 { bytes[16] = 2 }
            if RawBatch(bytes).error() == nil { Issue.record("decoded: \(bytes)") }
        }
    }

    // The CRC says who wrote it wrongly, not that it is right: a producer can put anything under one.
    @Test("with a CRC that fits decodes to records in order, or is refused", arguments: 0..<8 as Range<UInt64>)
    func wrongUnderTheCRC(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let sound = RawBatch(Self.batch(seed: seed))
        var decodedCount = 0
        for _ in 0..<1000 {
            var batch = sound
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 21..<batch.bytes.count, using: &generator)
                batch.bytes[position] =
                    [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &generator)]
                    .randomElement(using: &generator) ?? 0
            }
            batch.seal()
            guard let records = try? batch.decoded() else { continue }
            decodedCount += 1
            let offsets = records.map(\.offset)
            if offsets.count != 8 || zip(offsets, offsets.dropFirst()).contains(where: { $0 >= $1 }) {
                Issue.record("decoded to offsets \(offsets): \(batch.bytes)")
            }
        }
        // Most changes hit keys and values, so if none decodes, the CRC was wrong and nothing was tested.
        #expect(decodedCount > 100)
    }

    @Test("with a CRC that fits over random records is refused or decodes, and never ends the process")
    func randomRecords() {
        var generator = SeededGenerator(seed: 11)
        var codes: Set<String> = []
        for _ in 0..<20_000 {
            var records = Bytes.random(count: Int.random(in: 7...60, using: &generator), using: &generator)
            // A first length that fits, or nearly nothing gets beyond it.
            records[0] = UInt8(records.count - 1) << 1
            for position in 1..<4 { records[position] &= 1 }
            codes.insert(RawBatch(records, count: 1, lastOffsetDelta: 5).error()?.message ?? "decoded")
        }
        #expect(codes.count > 50)
    }
}
