import EdgeBrokerTesting
import RecordFormat

/// The record that belongs to a number: the same bytes whenever they are asked for, and no two alike.
///
/// The number is the record's timestamp, so whoever reads a record knows what it should be.
struct RecordFactory {
    let seed: UInt64

    private static let keys = 4

    private func generator(_ number: Int) -> SeededGenerator {
        SeededGenerator(seed: seed &* 0x9E37_79B9 &+ UInt64(truncatingIfNeeded: number))
    }

    /// Of a record in a compacted topic: one of a few.
    func key(_ number: Int) -> UInt8 {
        var generator = generator(number)
        return UInt8(generator.below(Self.keys))
    }

    /// Whether a record in a compacted topic says that its key is gone.
    func isTombstone(_ number: Int) -> Bool {
        var generator = generator(number)
        _ = generator.next()
        return generator.chance(300)
    }

    /// - Parameter isKeyed: for a compacted topic.
    func record(_ number: Int, isKeyed: Bool) -> Record {
        var generator = generator(number)
        _ = (generator.next(), generator.next())
        let size: Int
        switch generator.below(24) {
        case 0: size = 0
        // Larger than the smallest segments.
        case 1: size = generator.within(500...1500)
        default: size = generator.within(8...120)
        }
        var headers: [RecordHeader] = []
        if generator.chance(100) {
            headers.append(RecordHeader(key: "eb.seq", value: generator.chance(500) ? generator.bytes(3) : nil))
        }
        let key = isKeyed ? [key(number)] : generator.chance(500) ? generator.bytes(8) : nil
        let isEmpty = isKeyed ? isTombstone(number) : generator.chance(30)
        return Record(
            key: key, value: isEmpty ? nil : generator.bytes(size), headers: headers,
            timestamp: Timestamp(millisecondsSince1970: Int64(number)))
    }

    func batch(_ numbers: Range<Int>, isKeyed: Bool) -> [UInt8] {
        var builder = RecordBatchBuilder()
        for number in numbers { builder.append(record(number, isKeyed: isKeyed)) }
        return builder.finish()
    }
}
