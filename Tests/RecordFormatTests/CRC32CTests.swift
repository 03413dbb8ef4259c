import CChecksums
import RecordFormat
import Testing

@Suite("CRC-32C")
struct CRC32CTests {
    private static let instructions = EDGEBROKER_CRC32C_INSTRUCTIONS

    @Test(
        "has the values of RFC 3720, appendix B.4, and the check value",
        arguments: [
            (Array("123456789".utf8), 0xe306_9283),
            ([], 0),
            ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
            ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
            (Array(0..<32), 0x46dd_794e),
            (Array((0..<32).reversed()), 0x113f_db5c),
        ] as [([UInt8], UInt32)])
    func knownValues(bytes: [UInt8], expected: UInt32) {
        #expect(bytes.withUnsafeBytes { crc32c($0) } == expected)
    }

    @Test("continues where an earlier part ended, wherever that is")
    func continuing() {
        let bytes = Bytes.random(count: 700, seed: 1)
        let whole = bytes.withUnsafeBytes { crc32c($0) }
        for cut in 0...bytes.count {
            let first = bytes[..<cut].withUnsafeBytes { crc32c($0) }
            let both = bytes[cut...].withUnsafeBytes { crc32c($0, continuing: first) }
            if both != whole { Issue.record("cut at \(cut): \(both), whole \(whole)") }
        }
    }

    @Test("of two parts makes that of both", arguments: [0, 1, 20, 255, 256, 257, 4096, 65_535, 65_536, 70_000])
    func combining(secondCount: Int) {
        let bytes = Bytes.random(count: 100 + secondCount, seed: 3)
        for cut in [0, 1, 100] {
            let first = bytes[..<cut].withUnsafeBytes { crc32c($0) }
            let second = bytes[cut..<(cut + secondCount)].withUnsafeBytes { crc32c($0) }
            let both = bytes[..<(cut + secondCount)].withUnsafeBytes { crc32c($0) }
            #expect(crc32cCombine(first, second, secondCount: secondCount) == both)
        }
    }

    // Lengths around the blocks of 3 × 128 and 3 × 2,048 bytes that are computed in three streams, at every alignment.
    @Test(
        "is the same by tables and by the processor's instruction",
        .enabled(if: edgebroker_crc32c_can_use(instructions), "this processor has no CRC-32C instruction"))
    func implementationsAgree() {
        let bytes = Bytes.random(count: 20_000, seed: 2)
        let counts = Array(0...1200) + [6140, 6143, 6144, 6145, 6152, 6528, 12_287, 12_288, 12_672, 19_000]
        for (number, count) in counts.enumerated() {
            bytes.withUnsafeBytes { all in
                let start = all.baseAddress.map { $0 + number % 9 }
                let seed = UInt32(truncatingIfNeeded: number &* 2_654_435_761)
                let expected = edgebroker_crc32c_using(EDGEBROKER_CRC32C_TABLES, seed, start, count)
                let found = edgebroker_crc32c_using(Self.instructions, seed, start, count)
                if found != expected { Issue.record("\(count) bytes: \(found) by instructions, \(expected) by tables") }
            }
        }
    }

    @Test("by tables has the check value too")
    func tables() {
        let bytes = Array("123456789".utf8)
        #expect(edgebroker_crc32c_using(EDGEBROKER_CRC32C_TABLES, 0, bytes, bytes.count) == 0xe306_9283)
    }
}
