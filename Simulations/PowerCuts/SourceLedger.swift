import EdgeBroker
import RecordFormat

/// What may and what must be in the transaction index of one captured source.
struct SourceLedger {
    struct Rows {
        let topic: String
        let base: Int
        let numbers: Range<Int>
    }

    /// An index record and the row batches that it makes visible.
    struct Item {
        let record: TransactionIndexRecord
        let rows: [Rows]
    }

    private(set) var settled: [Item] = []
    private var staged: [Int: [Item]] = [:]
    /// The index begins here.
    private(set) var logStart = 0
    /// Rows by topic, sorted. A row counts once an index record names it.
    private(set) var topics: [PartitionLedger] = []
    /// What the settled records say, in the words of the broker's own answer.
    private(set) var state = SourceState()

    mutating func add(topic: String) {
        if topics.contains(where: { $0.name.topic == topic }) { return }
        topics.append(PartitionLedger(TopicPartition(topic: topic, partition: 0), Keeping(.captured)))
        topics.sort { $0.name.topic < $1.name.topic }
    }

    private func place(of topic: String) -> Int? { topics.firstIndex { $0.name.topic == topic } }

    mutating func stage(_ batch: PartitionLedger.Batch, of topic: String) {
        if let place = place(of: topic) { topics[place].stage(batch) }
    }

    mutating func stage(_ item: Item, at offset: Int) { staged[offset, default: []].append(item) }

    mutating func put(_ rows: PartitionLedger) {
        if let place = place(of: rows.name.topic) { topics[place] = rows }
    }

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
        let item: Item
        if case .checkpoint(let checkpoint) = record {
            try check(checkpoint, at: offset)
            item = Item(record: record, rows: [])
        } else if let known = staged[offset]?.last(where: { $0.record == record }) {
            item = known
        } else {
            throw Violation("index offset \(offset): \(witness) \(record), which nobody appended there")
        }
        for rows in item.rows {
            if let place = place(of: rows.topic) {
                try topics[place].settle(rows.numbers, at: rows.base, "an index record names")
            }
        }
        settled.append(item)
        note(record)
        return true
    }

    /// The broker writes checkpoints by itself; they must say what the records before them say.
    private func check(_ checkpoint: SourceCheckpoint, at offset: Int) throws(Violation) {
        if checkpoint.state != state {
            throw Violation("index offset \(offset): a checkpoint says \(checkpoint.state), the records \(state)")
        }
        for rows in topics where rows.end > 0 && checkpoint.ends[rows.name] != Offset(Int64(rows.end)) {
            throw Violation("index offset \(offset): a checkpoint ends \(rows.name) elsewhere than at \(rows.end)")
        }
    }

    func refuse(_ record: TransactionIndexRecord, at offset: Int) throws(Violation) {
        if offset < settled.count, settled[offset].record == record {
            throw Violation("index offset \(offset): \(record) was refused and can be read")
        }
    }

    /// The index begins at `start`. A checkpoint must stand there, which says all that was before.
    mutating func begin(at start: Int) throws(Violation) {
        if start < logStart { throw Violation("the index began at \(logStart) and now at \(start)") }
        if start > logStart {
            guard start < settled.count, case .checkpoint = settled[start].record else {
                throw Violation("the index begins at \(start), and no checkpoint stands there")
            }
        }
        logStart = start
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
