import EdgeBroker
import RecordFormat

/// What may and what must be in the transaction index of one captured source.
struct SourceLedger {
    struct Rows {
        let topic: String
        let base: Int
        let numbers: [Int]
    }

    /// An index record and the row batches that it makes visible.
    struct Item {
        let record: TransactionIndexRecord
        let rows: [Rows]
    }

    private(set) var settled: [Item] = []
    private var staged: [Int: [Item]] = [:]
    /// Rows by topic. A row counts once an index record names it.
    private(set) var topics: [String: PartitionLedger] = [:]
    /// What the settled records say, in the words of the broker's own answer.
    private(set) var state = SourceState()

    mutating func add(topic: String) {
        if topics[topic] == nil { topics[topic] = PartitionLedger(TopicPartition(topic: topic, partition: 0)) }
    }

    mutating func stage(_ rows: Rows) { topics[rows.topic]?.stage(rows.numbers, at: rows.base) }

    mutating func stage(_ item: Item, at offset: Int) { staged[offset, default: []].append(item) }

    /// An index record is at `offset`, because its completion said so or somebody has read it.
    /// - Returns: whether that was not known.
    @discardableResult
    mutating func settle(_ record: TransactionIndexRecord, at offset: Int, _ witness: String) throws(Violation) -> Bool
    {
        if offset > settled.count {
            throw Violation("index offset \(offset): \(witness) it, and offsets from \(settled.count) on are missing")
        }
        if offset < settled.count {
            if settled[offset].record == record { return false }
            throw Violation(
                "index offset \(offset): \(witness) \(record), but \(settled[offset].record) stood there")
        }
        guard let item = staged[offset]?.first(where: { $0.record == record }) else {
            throw Violation("index offset \(offset): \(witness) \(record), which nobody appended there")
        }
        for rows in item.rows { try topics[rows.topic]?.settle(rows.numbers, at: rows.base, "an index record names") }
        settled.append(item)
        note(record)
        return true
    }

    func refuse(_ record: TransactionIndexRecord, at offset: Int) throws(Violation) {
        if offset < settled.count, settled[offset].record == record {
            throw Violation("index offset \(offset): \(record) was refused and can be read")
        }
    }

    private mutating func note(_ record: TransactionIndexRecord) {
        switch record {
        case .commit(let commit): state.position = commit.endLSN
        case .position(let endLSN): state.position = endLSN
        case .relation(let topic, let description): state.relations[topic] = description
        case .intent(let intent):
            state.intent = intent
            state.position = nil
            state.snapshot = .none
        case .snapshotBegin(let id, _, _): state.snapshot = .unfinished(id: id)
        case .snapshotEnd(_, let consistentPoint):
            state.snapshot = .finished
            state.position = consistentPoint
        case .snapshotChunk, .checkpoint: break
        }
    }
}
