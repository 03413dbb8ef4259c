import EdgeBrokerTesting
import RecordFormat

/// The record that belongs to a number: the same bytes whenever they are asked for, and no two alike.
///
/// The number is the record's timestamp, so whoever reads a record knows what it should be.
struct RecordFactory {
    let seed: UInt64

    func record(_ number: Int) -> Record {
        var generator = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ UInt64(truncatingIfNeeded: number))
        let size: Int
        switch generator.below(20) {
        case 0: size = 0
        // Larger than the smallest segments.
        case 1: size = generator.within(500...3000)
        default: size = generator.within(8...160)
        }
        var headers: [RecordHeader] = []
        if generator.chance(200) {
            headers.append(RecordHeader(key: "eb.seq", value: generator.chance(500) ? generator.bytes(3) : nil))
        }
        return Record(
            key: generator.chance(500) ? generator.bytes(8) : nil,
            value: generator.chance(30) ? nil : generator.bytes(size), headers: headers,
            timestamp: Timestamp(millisecondsSince1970: Int64(number)))
    }

    func batch(_ numbers: [Int]) -> [UInt8] {
        var builder = RecordBatchBuilder()
        for number in numbers { builder.append(record(number)) }
        return builder.finish()
    }

    /// The numbers of the records in a batch, each compared with what it was.
    func numbers(in records: [StoredRecord], of partition: TopicPartition) throws(Violation) -> [Int] {
        var numbers: [Int] = []
        for stored in records {
            let number = Int(stored.record.timestamp.millisecondsSince1970)
            if stored.record != record(number) {
                throw Violation("\(partition) offset \(stored.offset): record \(number) is not what was appended")
            }
            numbers.append(number)
        }
        return numbers
    }
}
