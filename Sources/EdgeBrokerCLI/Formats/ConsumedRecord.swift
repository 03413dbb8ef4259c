import Foundation
import RecordFormat

/// How a record that was read is printed.
enum ConsumedRecord {
    /// The value and a line end; nothing else for a null value.
    static func line(_ stored: StoredRecord) -> [UInt8] { (stored.record.value ?? []) + [0x0A] }

    /// One JSON object: topic, partition, offset, timestamp (ms since 1970), headers, key, value. What is not UTF-8 stands as
    /// base64 under its name with `_b64`; a header that occurs more than once is an array of its values.
    static func json(_ stored: StoredRecord, _ partition: TopicPartition) -> [UInt8] {
        let record = stored.record
        let object = JSONValue.object([
            ("topic", .text(partition.topic)), ("partition", .integer(Int64(partition.partition))),
            ("offset", .integer(stored.offset.rawValue)),
            ("timestamp", .integer(record.timestamp.millisecondsSince1970)),
            ("headers", .object(headers(record.headers))), bytes("key", record.key), bytes("value", record.value),
        ])
        return Array((object.encoded + "\n").utf8)
    }

    private static func headers(_ headers: [RecordHeader]) -> [(String, JSONValue)] {
        var fields: [(name: String, values: [JSONValue])] = []
        for header in headers {
            let (name, value) = bytes(header.key, header.value)
            if let place = fields.firstIndex(where: { $0.name == name }) {
                fields[place].values.append(value)
            } else {
                fields.append((name, [value]))
            }
        }
        return fields.map { ($0.name, $0.values.count == 1 ? $0.values[0] : .array($0.values)) }
    }

    private static func bytes(_ name: String, _ bytes: [UInt8]?) -> (String, JSONValue) {
        guard let bytes else { return (name, .null) }
        if let text = String(validating: bytes, as: UTF8.self) { return (name, .text(text)) }
        return (name + "_b64", .text(Data(bytes).base64EncodedString()))
    }
}
