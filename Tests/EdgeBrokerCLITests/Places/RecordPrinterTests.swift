import RecordFormat
import Synchronization
import Testing

@testable import EdgeBrokerCLI

@Suite("Printing records") struct RecordPrinterTests {
    private final class Sink: Sendable {
        let text = Mutex("")
    }

    private func records(_ offsets: Range<Int64>) -> [StoredRecord] {
        offsets.map {
            StoredRecord(
                offset: Offset($0),
                record: Record(key: nil, value: Array("\($0)".utf8), timestamp: Timestamp(millisecondsSince1970: $0)))
        }
    }

    private let partition = TopicPartition(topic: "t", partition: 0)

    @Test("ends with as many as are wanted, and tells where it stopped")
    func budget() {
        let sink = Sink()
        let printer = RecordPrinter(.value, max: 3) { bytes in
            sink.text.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        }
        var window = ReadingWindow()
        #expect(printer.show(records(0..<2), of: partition, in: &window) == nil && !printer.isFull)
        #expect(printer.show(records(2..<5), of: partition, in: &window) == Offset(3) && printer.isFull)
        #expect(sink.text.withLock { $0 } == "0\n1\n2\n" && printer.printed == 3)
    }

    @Test("ends where the window does")
    func window() {
        let printer = RecordPrinter(.value, max: nil) { _ in }
        var window = ReadingWindow(
            notBefore: Timestamp(millisecondsSince1970: 2), until: Timestamp(millisecondsSince1970: 4))
        #expect(printer.show(records(0..<6), of: partition, in: &window) == Offset(4))
        #expect(printer.printed == 2 && window.isOver)
    }
}
