import KafkaClient
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("What a server sends") struct ReadBatchesTests {
    private let a = TopicPartition(topic: "t", partition: 0)
    private let b = TopicPartition(topic: "t", partition: 1)

    private func stored(_ offset: Int64, at time: Int64 = 0) -> StoredRecord {
        StoredRecord(
            offset: Offset(offset),
            record: Record(key: nil, value: [1], timestamp: Timestamp(millisecondsSince1970: time)))
    }

    @Test("becomes runs of one partition's records, without those that nobody wants")
    func runs() {
        var batches = ReadBatches(until: nil)
        batches.open(a, at: .zero)
        let events: [ReadEvent] = [
            .record(a, stored(0)), .record(b, stored(5)), .record(a, stored(1)), .end(a, Offset(2)), .end(b, Offset(6)),
            .record(a, stored(2)),
        ]
        #expect(
            batches.steps(events) == [
                .records(a, [stored(0), stored(1)]), .end(a, Offset(2)), .records(a, [stored(2)]),
            ])
    }

    @Test("stays apart where the kind of time changes")
    func kinds() {
        var batches = ReadBatches(until: nil)
        batches.open(a, at: .zero)
        #expect(
            batches.steps([.record(a, stored(0)), .record(a, stored(1), .appended), .record(a, stored(2), .appended)])
                == [.records(a, [stored(0)]), .records(a, [stored(1), stored(2)], .appended)])
    }

    @Test("is damage or a gap at the offset that was reached")
    func failures() {
        var batches = ReadBatches(until: nil)
        batches.open(a, at: Offset(3))
        let damaged = KafkaClientError(.damaged, "x", remedy: "")
        let gone = KafkaClientError(.offsetOutOfRange, "x", remedy: "")
        let other = KafkaClientError(.server, "x", remedy: "")
        #expect(
            batches.steps([
                .failure(a, nil, damaged), .failure(a, Offset(9), gone), .failure(a, nil, other), .trouble(other),
            ])
                == [.damage(a, Offset(3), damaged), .gone(a, Offset(9), gone), .failure(other), .failure(other)])
    }

    @Test("is over when every partition has reached the end of the window")
    func over() {
        var batches = ReadBatches(until: Timestamp(millisecondsSince1970: 10))
        batches.open(a, at: .zero)
        let printer = RecordPrinter(.value, max: nil) { _ in }
        #expect(batches.show([stored(0, at: 5), stored(1, at: 10)], of: a, by: printer) == Offset(1))
        #expect(batches.isOver && batches.takeFinished() == [a] && batches.takeFinished().isEmpty)
        #expect(printer.printed == 1)
    }
}
