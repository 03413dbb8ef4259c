import EdgeBrokerTesting
import Foundation
import RecordFormat

/// Segment files as we write them, and what is done to some.
enum RandomSegment {
    /// A segment of random batches of every codec, as a file of its own folder.
    static func write(to folder: String, using random: inout SeededGenerator) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let base = Int64(random.below(1 << 40))
        let digits = String(base)
        let file = "\(folder)/\(String(repeating: "0", count: 20 - digits.count))\(digits).log"
        var (bytes, next) = ([UInt8](), base)
        var builder = RecordBatchBuilder()
        for _ in 0..<random.within(1...12) {
            var compressor = RecordCompressor(RecordBatchAttributes.Codec(rawValue: Int16(random.below(5))) ?? .zstd)
            let count = random.chance(50) ? random.within(100...500) : random.within(1...20)
            for _ in 0..<count { builder.append(record(using: &random)) }
            var batch = try builder.finish(with: &compressor)
            if compressor.codec == .snappy && random.chance(300) { batch = raw(batch) }
            batch.withUnsafeMutableBytes {
                RecordBatchHeader.stamp(baseOffset: Offset(next), leaderEpoch: Int32(random.below(100)), into: $0)
            }
            bytes += batch
            next += Int64(count)
        }
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    private static func record(using random: inout SeededGenerator) -> Record {
        let headers = (0..<(random.chance(300) ? random.below(5) : 0)).map { _ in
            RecordHeader(key: word(using: &random), value: part(using: &random))
        }
        return Record(
            key: part(using: &random), value: part(using: &random), headers: headers,
            timestamp: Timestamp(millisecondsSince1970: 1_700_000_000_000 + Int64(random.below(100_000))))
    }

    private static func word(using random: inout SeededGenerator) -> String {
        random.element(of: ["", "WO-4711", "작업지시-7", "Größe", "🔩", "\"quoted\\\"", "line\nline", "a\0b\u{85}\u{2028}"])
    }

    private static func part(using random: inout SeededGenerator) -> [UInt8]? {
        switch random.below(8) {
        case 0: nil
        case 1: []
        case 2: random.bytes(random.below(300))
        // Beyond one block of a codec's framing, now and then.
        case 3: random.bytes(random.chance(5) ? random.below(100_000) : random.below(20))
        case 4:
            Array(String(repeating: word(using: &random), count: random.below(random.chance(10) ? 20_000 : 30)).utf8)
        default: Array(word(using: &random).utf8)
        }
    }

    /// A batch of one block of Snappy, without the framing around it: as librdkafka writes it.
    private static func raw(_ batch: [UInt8]) -> [UInt8] {
        let block = 61 + 16 + 4
        let length = batch[(block - 4)..<block].reduce(0) { $0 << 8 | Int($1) }
        guard block + length == batch.count else { return batch }
        var raw = Array(batch[..<61]) + batch[block...]
        withUnsafeBytes(of: Int32(raw.count - 12).bigEndian) { raw.replaceSubrange(8..<12, with: $0) }
        let checksum = raw[21...].withUnsafeBytes { crc32c($0) }
        withUnsafeBytes(of: checksum.bigEndian) { raw.replaceSubrange(17..<21, with: $0) }
        return raw
    }

    /// Flips bits, in some batches where the CRC covers them, or in one batch's base offset. The magic and the length are left
    /// alone: without them, Kafka's reader does not know where the batch ends, and stops.
    static func damage(_ file: String, using random: inout SeededGenerator) throws {
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        var batches: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let length = bytes[(start + 8)..<(start + 12)].reduce(0) { $0 << 8 | Int($1) }
            batches.append(start..<(start + 12 + length))
            start += 12 + length
        }
        if random.chance(200) {
            bytes[random.element(of: batches).lowerBound + random.within(5...7)] ^= 1 << UInt8(random.below(8))
        } else {
            for _ in 0..<random.within(1...3) {
                let batch = random.element(of: batches)
                bytes[random.within((batch.lowerBound + 17)...(batch.upperBound - 1))] ^= 1 << UInt8(random.below(8))
            }
        }
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }
}
