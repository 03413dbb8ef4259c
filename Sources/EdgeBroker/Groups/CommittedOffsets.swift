import LogStore
import RecordFormat
import Synchronization

/// What the groups have committed: the newest record of each key in `__consumer_offsets`, in memory.
///
/// The topic is made with the first commit, so that a broker without groups has none.
final class CommittedOffsets: Sendable {
    private struct State {
        var partition: Partition?
        var groups: [String: [TopicPartition: CommittedOffset]] = [:]

        mutating func apply(_ record: OffsetCommitRecord) {
            groups[record.group, default: [:]][record.partition] = record.committed
            if groups[record.group]?.isEmpty == true { groups[record.group] = nil }
        }
    }

    private let catalogue: TopicCatalogue
    private let state: Mutex<State>
    /// What opening found in the topic.
    let notes: [String]

    /// Small segments, because all of the topic but what compaction can take is read at every start.
    private static let keeping: TopicKeeping = {
        var keeping = TopicKeeping()
        keeping.cleanup = .compact
        keeping.segments.bytes = 4 << 20
        keeping.disk.whenFull = .block
        return keeping
    }()

    /// Reads the topic, if there is one. Blocking.
    init(_ catalogue: TopicCatalogue) throws(BrokerError) {
        self.catalogue = catalogue
        var found = State()
        var notes: [String] = []
        if let partition = catalogue.topic(OffsetCommitRecord.topic)?.partitions.first {
            found.partition = partition
            try catalogue.directory.forEachRecord(
                of: partition, upTo: partition.syncedEnd, damaged: { notes.append($0.message) }
            ) { stored in
                switch OffsetCommitRecord.decode(key: stored.record.key, value: stored.record.value) {
                case .commit(let record): found.apply(record)
                case .other: break
                case .malformed:
                    notes.append("\(partition.topicPartition) offset \(stored.offset) is no committed offset.")
                }
            }
        }
        self.notes = notes
        state = Mutex(found)
    }

    /// What a group has committed; empty for one that nobody knows.
    func offsets(of group: String) -> [TopicPartition: CommittedOffset] { state.withLock { $0.groups[group] ?? [:] } }

    /// The lowest offset that a group has committed for a partition; `nil` if none has.
    func lowest(of name: TopicPartition) -> Offset? {
        state.withLock { state in state.groups.values.compactMap { $0[name]?.offset }.min() }
    }

    /// The groups that have committed something, by name.
    var groups: [String] { state.withLock { $0.groups.keys.sorted() } }

    /// The partition to write to, if the topic was made already.
    var partition: Partition? { state.withLock { $0.partition } }

    /// The partition to write to, made if need be. Blocking; on the committing thread.
    func makePartition() throws(BrokerError) -> Partition {
        if let partition { return partition }
        let topic = try catalogue.create(
            OffsetCommitRecord.topic, partitionCount: 1, writer: .broker, keeping: Self.keeping)
        let partition = topic.partitions[0]
        state.withLock { $0.partition = partition }
        return partition
    }

    /// Stages records. In memory, and so for whoever asks, they are there when they are synced.
    ///
    /// - Parameter completion: called once, on the committing thread; not if this throws.
    func stage(
        _ records: [OffsetCommitRecord], in partition: Partition,
        completion: @escaping @Sendable (Result<Void, BrokerError>) -> Void
    ) throws(BrokerError) {
        var builder = RecordBatchBuilder()
        let now = catalogue.now
        for record in records { builder.append(key: record.key, value: record.value, headers: [], timestamp: now) }
        do throws(LogStoreError) {
            try catalogue.directory.stage(
                Append([Append.Batch(builder.finish(), to: partition)]) { result in
                    // Completions come in the order of the log, so the newest wins here as it does at the next start.
                    if case .success = result {
                        self.state.withLock { state in for record in records { state.apply(record) } }
                    }
                    completion(result.map { _ in }.mapError { BrokerError($0) })
                })
        } catch {
            throw BrokerError(error)
        }
    }
}
