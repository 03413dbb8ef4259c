import LogStore
package import RecordFormat
import Synchronization

/// The flows that read one source, and what they still need of it.
struct SourceFlows: Sendable {
    /// Somebody has said who reads. Before that everything is kept.
    private(set) var areKnown = false
    private(set) var holds: [String: FlowHold] = [:]

    mutating func expect(_ flow: String?) {
        areKnown = true
        if let flow, holds[flow] == nil { holds[flow] = FlowHold() }
    }

    mutating func move(_ flow: String, to index: Offset) {
        expect(flow)
        holds[flow]?.move(to: index)
    }

    mutating func fold(_ flow: String, _ record: TransactionIndexRecord, at offset: Offset) {
        holds[flow]?.fold(record, at: offset)
    }

    /// The first record of a partition that some flow needs; `nil`: no flow needs any.
    func end(of name: TopicPartition) -> Offset? { areKnown ? holds.values.map { $0.end(of: name) }.min() : .zero }

    /// The first index record that some flow needs; `nil`: no flow needs any.
    var position: Offset? { areKnown ? holds.values.map { $0.position ?? .zero }.min() : .zero }
}

extension SourceLog {
    /// A flow loads from this source. Until it tells its position, everything is kept for it; so it is while nobody has said who
    /// reads the source.
    package func expect(flow: String) { flows.withLock { $0.expect(flow) } }

    /// Nothing loads from this source, so nothing is kept for a flow.
    package func expectNoFlow() { flows.withLock { $0.expect(nil) } }

    /// A flow has had every index record below `index`, and all rows that these name. Cheap; the index is read later.
    package func flow(_ flow: String, needsFrom index: Offset) { flows.withLock { $0.move(flow, to: index) } }

    /// The first record of a captured partition that some flow needs; `nil`: no flow needs any.
    func flowsEnd(of name: TopicPartition) -> Offset? {
        if name == index.topicPartition { return flows.withLock(\.position) }
        return flows.withLock { $0.end(of: name) }
    }

    /// What each flow needs of a partition that it has told of, index or topic: the first offset.
    func needed(of name: TopicPartition) -> [(flow: String, from: Offset)] {
        let holds = flows.withLock(\.holds)
        let isIndex = name == index.topicPartition
        return holds.sorted { $0.key < $1.key }.compactMap { flow, hold in
            if isIndex { return hold.position.map { (flow, $0) } }
            return hold.isSettled ? (flow, hold.end(of: name)) : nil
        }
    }

    /// Below it the index may go: a checkpoint that no flow is before. `nil`: nothing may.
    var indexLimit: Offset? {
        let needed = flows.withLock(\.position) ?? index.syncedEnd
        return checkpoints.last { $0 <= needed }
    }

    /// Learns from the index what the flows have had. Blocking; reads at most about `limit` bytes for each flow, and goes on with the
    /// next call.
    func foldFlows(limit: Int) throws(BrokerError) {
        let (start, checkpoints) = (index.logStart, checkpoints)
        for (flow, hold) in flows.withLock(\.holds) {
            guard let from = hold.next(start: start, checkpoints: checkpoints), let end = hold.position else {
                continue
            }
            var bytes = 0
            var failure: BrokerError?
            try catalogue.directory.forEachRecord(of: index, from: from, upTo: end, damaged: { failure = $0 }) {
                stored in
                guard bytes < limit, failure == nil else { return }
                let value = stored.record.value ?? []
                bytes += value.count
                // What does not decode is damage, and stops the source at its next start; here it only keeps more than need be.
                guard let record = try? TransactionIndexRecord(decoding: value) else { return failure = .closed }
                flows.withLock { $0.fold(flow, record, at: stored.offset) }
            }
        }
    }
}
