import ChangeEvents
import EdgeBroker
import RecordFormat
import Testing

@testable import Loader

@Suite("A transaction merge") struct TransactionMergeTests {
    private func stored(_ offset: Int64, _ value: String?) -> StoredRecord {
        StoredRecord(
            offset: Offset(offset),
            record: Record(
                key: nil, value: value.map { Array($0.utf8) }, headers: [],
                timestamp: Timestamp(millisecondsSince1970: 0)))
    }

    private func truncate(_ table: String, _ sequence: Int) -> String {
        """
        {"op":"t","table":"erp.\(table)","lsn":"0/1","seq":\(sequence),"ts":"2026-11-22T06:00:00.123456Z"}
        """
    }

    private func merge(_ a: [StoredRecord], _ b: [StoredRecord]) throws -> [String] {
        var buffers: [TopicPartition: TopicBuffer] = [:]
        var merge = TransactionMerge(
            ["a", "b"].map { (TopicRange(topic: $0, partition: 0, start: Offset(5), end: Offset(9)), []) })
        var seen: [String] = []
        while true {
            switch try merge.next(&buffers) {
            case .end: return seen
            case .change(let event, let topic): seen.append("\(topic)\(event.sequence)")
            case .fetch(let name, let offset):
                seen.append("fetch \(name.topic) from \(offset)")
                let records = (name.topic == "a" ? a : b).filter { $0.offset >= offset }
                buffers[name, default: TopicBuffer()].fill(records, from: offset, to: Offset(9))
            }
        }
    }

    @Test("gives the changes of all topics in their order, without tombstones and records beyond the range")
    func order() throws {
        let a = [stored(5, truncate("a", 1)), stored(6, nil), stored(7, truncate("a", 4)), stored(9, truncate("a", 0))]
        let b = [stored(6, truncate("b", 2)), stored(7, truncate("b", 3)), stored(8, truncate("b", 5))]
        #expect(try merge(a, b) == ["fetch a from 5", "fetch b from 5", "a1", "b2", "b3", "a4", "b5"])
    }

    @Test("stops at a record that is no change event, and says which it is")
    func damaged() {
        #expect {
            try merge([stored(5, "{}")], [])
        } throws: { error in
            let error = error as? LoaderError
            return error?.code == .damagedRecords && error?.message.contains("a-0, offset 5") == true
        }
    }
}
