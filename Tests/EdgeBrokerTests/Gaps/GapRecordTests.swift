import EdgeBroker
import RecordFormat
import Testing

@Suite("A gap record")
struct GapRecordTests {
    @Test("is one line that an operator can read")
    func text() {
        let gap = GapRecord(
            TopicPartition(topic: "orders", partition: 2), start: Offset(5), end: Offset(9), reason: .unread, bytes: 77,
            time: Timestamp(millisecondsSince1970: 1_767_225_600_000))
        #expect(
            String(decoding: gap.encoded, as: UTF8.self)
                == #"{"topic":"orders","partition":2,"start":5,"end":9,"reason":"unread","bytes":77,"time":1767225600000}"#
        )
    }
}
