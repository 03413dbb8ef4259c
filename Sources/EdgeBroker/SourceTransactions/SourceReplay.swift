package import RecordFormat

/// What a source's index says, record by record. The same code runs at start and while capture goes on.
package struct SourceState: Sendable, Equatable {
    package enum Snapshot: Sendable, Equatable {
        case none
        case unfinished(id: UInt64)
        case finished
    }

    package var intent: SourceIntent?
    /// Up to where everything of ours is in the log: the end LSN of the last commit, position or finished snapshot.
    package var position: LSN?
    package var snapshot = Snapshot.none
    /// The last description of each topic's rows.
    package var relations: [String: [UInt8]] = [:]

    package init() {}
}

struct SourceReplay: Sendable {
    private(set) var state = SourceState()
    /// Up to where each captured partition is covered by the index.
    private(set) var ends: [TopicPartition: Offset] = [:]
    /// The offset after the last index record that counts.
    private(set) var indexEnd: Offset
    /// The last record may be followed by a checkpoint. One between a relation and the rows that it describes would make readers
    /// stop there.
    private(set) var isAtBoundary = true

    init(indexStart: Offset) { indexEnd = indexStart }

    /// Whether everything that `record` names is in the log: `logEnd` gives what recovery found of a partition.
    ///
    /// A partition that is not there at all is damage, not a reason to forget transactions: it counts as covered.
    static func isCovered(_ record: TransactionIndexRecord, logEnd: (TopicPartition) -> Offset?) -> Bool {
        if case .checkpoint(let checkpoint) = record {
            return checkpoint.ends.allSatisfy { name, end in logEnd(name).map { end <= $0 } ?? true }
        }
        return record.ranges.allSatisfy { range in logEnd(range.topicPartition).map { range.end <= $0 } ?? true }
    }

    mutating func apply(_ record: TransactionIndexRecord, at offset: Offset) {
        indexEnd = offset.advanced(by: 1)
        for range in record.ranges {
            ends[range.topicPartition] = max(ends[range.topicPartition] ?? .zero, range.end)
        }
        if case .relation = record { isAtBoundary = false } else { isAtBoundary = true }
        switch record {
        case .intent(let intent):
            state.intent = intent
            state.position = nil
            state.snapshot = .none
        case .snapshotBegin(let id, _, _): state.snapshot = .unfinished(id: id)
        case .snapshotChunk: break
        case .snapshotEnd(_, let consistentPoint):
            state.snapshot = .finished
            state.position = consistentPoint
        case .commit(let commit): state.position = commit.endLSN
        case .position(let endLSN): state.position = endLSN
        case .relation(let topic, let description): state.relations[topic] = description
        case .checkpoint(let checkpoint):
            state = checkpoint.state
            ends.merge(checkpoint.ends, uniquingKeysWith: max)
        }
    }

    /// All of it as a record.
    var checkpoint: SourceCheckpoint { SourceCheckpoint(state: state, ends: ends) }
}
