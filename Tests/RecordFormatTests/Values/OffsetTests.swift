import RecordFormat
import Testing

@Suite("Offsets, timestamps and partitions")
struct OffsetTests {
    @Test("advance, compare and print as their numbers")
    func offset() {
        #expect(Offset.zero.advanced(by: 42) == Offset(42))
        #expect(Offset(9) < Offset(10))
        #expect("\(Offset(42))" == "42")
    }

    @Test("order by time")
    func timestamp() { #expect(Timestamp(millisecondsSince1970: -1) < Timestamp(millisecondsSince1970: 0)) }

    @Test("print as the folder's name")
    func partition() { #expect("\(TopicPartition(topic: "erp.items", partition: 3))" == "erp.items-3") }
}
