import RecordFormat
import Testing

@testable import Loader

@Suite("A topic buffer") struct TopicBufferTests {
    /// Fetched from offset 10, up to 20; 13 to 15 and 19 were compacted away.
    private func filled() -> TopicBuffer {
        var buffer = TopicBuffer()
        let records = [10, 11, 12, 16, 17, 18].map { offset in
            StoredRecord(
                offset: Offset(offset),
                record: Record(key: nil, value: [1], headers: [], timestamp: Timestamp(millisecondsSince1970: 0)))
        }
        buffer.fill(records, from: Offset(10), to: Offset(20))
        return buffer
    }

    private func text(_ next: TopicBuffer.Next) -> String {
        switch next {
        case .record(let stored): "\(stored.offset)"
        case .end: "end"
        case .fetch(let offset): "fetch \(offset)"
        }
    }

    @Test(
        "gives the next record of a range, its end, or where to fetch",
        arguments: [
            (10, 12, "10"), (12, 13, "12"), (13, 16, "end"), (13, 17, "16"), (18, 30, "18"), (19, 20, "end"),
            (19, 30, "fetch 20"),
            (20, 21, "fetch 20"), (9, 12, "fetch 9"), (12, 12, "end"),
        ] as [(Int64, Int64, String)])
    func next(from: Int64, end: Int64, expected: String) {
        var buffer = filled()
        #expect(text(buffer.next(from: Offset(from), before: Offset(end))) == expected)
    }

    @Test("serves one range after the other, and goes back for one that is begun again")
    func ranges() {
        var buffer = filled()
        let steps: [(Int64, Int64)] = [
            (10, 12), (11, 12), (12, 17), (16, 17), (10, 12), (17, 20), (18, 20), (19, 20), (20, 21),
        ]
        #expect(
            steps.map { text(buffer.next(from: Offset($0), before: Offset($1))) } == [
                "10", "11", "12", "16", "10", "17", "18", "end", "fetch 20",
            ])
    }
}
