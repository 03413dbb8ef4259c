import KafkaClient
import RecordFormat

/// How Kafka's console consumer prints a record: `CreateTime:5<tab>Partition:0<tab>Offset:3<tab>h:v<tab>key<tab>value`, of which only the
/// value is there unless a property asks for more. Null is `null`, no headers are `NO_HEADERS`.
struct ConsoleLayout: Sendable, Equatable {
    var printsTimestamp = false
    var printsPartition = false
    var printsOffset = false
    var printsHeaders = false
    var printsKey = false
    var printsValue = true
    var keySeparator = Array("\t".utf8)
    var lineSeparator = Array("\n".utf8)
    var headersSeparator = Array(",".utf8)
    var nullLiteral = Array("null".utf8)

    func bytes(
        _ stored: StoredRecord, _ partition: TopicPartition, _ kind: TimestampKind = .created
    ) -> [UInt8] {
        let record = stored.record
        var fields: [[UInt8]] = []
        if printsTimestamp {
            let time = record.timestamp.millisecondsSince1970
            let name = kind == .appended ? "LogAppendTime" : "CreateTime"
            fields.append(Array((time >= 0 ? "\(name):\(time)" : "NO_TIMESTAMP").utf8))
        }
        if printsPartition { fields.append(Array("Partition:\(partition.partition)".utf8)) }
        if printsOffset { fields.append(Array("Offset:\(stored.offset)".utf8)) }
        if printsHeaders { fields.append(headers(record.headers)) }
        if printsKey { fields.append(record.key ?? nullLiteral) }
        if printsValue { fields.append(record.value ?? nullLiteral) }
        return Array(fields.joined(separator: keySeparator)) + lineSeparator
    }

    private func headers(_ headers: [RecordHeader]) -> [UInt8] {
        if headers.isEmpty { return Array("NO_HEADERS".utf8) }
        return Array(
            headers.map { Array("\($0.key):".utf8) + ($0.value ?? nullLiteral) }.joined(separator: headersSeparator))
    }
}
