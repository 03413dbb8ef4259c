import KafkaClient
import RecordFormat

/// How records that were read are printed.
enum RecordLayout: Sendable {
    /// The value and a line end.
    case value
    /// A JSON object a line.
    case ndjson
    case format(FormatString)
    /// As Kafka's console consumer.
    case console(ConsoleLayout)

    func bytes(_ stored: StoredRecord, _ partition: TopicPartition, _ kind: TimestampKind) -> [UInt8] {
        switch self {
        case .value: ConsumedRecord.line(stored)
        case .ndjson: ConsumedRecord.json(stored, partition)
        case .format(let format): format.bytes(stored, partition)
        case .console(let layout): layout.bytes(stored, partition, kind)
        }
    }
}
