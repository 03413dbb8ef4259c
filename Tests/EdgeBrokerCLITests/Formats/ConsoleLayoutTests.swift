import KafkaClient
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("The form of Kafka's console consumer") struct ConsoleLayoutTests {
    private func line(_ layout: ConsoleLayout, _ record: Record, _ kind: TimestampKind = .created) -> String {
        String(
            decoding: layout.bytes(
                StoredRecord(offset: Offset(7), record: record), TopicPartition(topic: "t", partition: 2), kind),
            as: UTF8.self)
    }

    private let record = Record(
        key: Array("k".utf8), value: Array("v".utf8), headers: [RecordHeader(key: "h", value: Array("x".utf8))],
        timestamp: Timestamp(millisecondsSince1970: 5))

    @Test("is the value alone")
    func value() { #expect(line(ConsoleLayout(), record) == "v\n") }

    @Test("says whether a time is the sender's or the server's")
    func kinds() {
        var layout = ConsoleLayout()
        layout.printsTimestamp = true
        #expect(line(layout, record) == "CreateTime:5\tv\n")
        #expect(line(layout, record, .appended) == "LogAppendTime:5\tv\n")
    }

    @Test("has what is asked for, in Kafka's order")
    func all() {
        var layout = ConsoleLayout()
        layout.printsTimestamp = true
        layout.printsPartition = true
        layout.printsOffset = true
        layout.printsHeaders = true
        layout.printsKey = true
        #expect(line(layout, record) == "CreateTime:5\tPartition:2\tOffset:7\th:x\tk\tv\n")
        #expect(
            line(layout, Record(key: nil, value: nil))
                == "NO_TIMESTAMP\tPartition:2\tOffset:7\tNO_HEADERS\tnull\tnull\n")
    }
}
