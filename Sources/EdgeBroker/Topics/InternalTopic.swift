import LogStore
import RecordFormat
import Synchronization

/// A compacted topic of one partition in which the broker keeps state of its own. It is made with its first record, so that a broker
/// that does not need it has none.
final class InternalTopic: Sendable {
    private struct State {
        var partition: Partition?
        var waiting: [@Sendable (Result<Partition, BrokerError>) -> Void] = []
    }

    let name: String
    private let catalogue: TopicCatalogue
    private let blockingWork: BlockingWork
    private let state: Mutex<State>

    /// Small segments, because all of the topic but what compaction can take is read at every start.
    private static let keeping: TopicKeeping = {
        var keeping = TopicKeeping()
        keeping.cleanup = .compact
        keeping.segments.bytes = 4 << 20
        keeping.disk.whenFull = .block
        return keeping
    }()

    init(_ name: String, _ catalogue: TopicCatalogue, _ blockingWork: BlockingWork) {
        self.name = name
        self.catalogue = catalogue
        self.blockingWork = blockingWork
        state = Mutex(State(partition: catalogue.topic(name)?.partitions.first))
    }

    /// `nil` until it is made.
    var partition: Partition? { state.withLock(\.partition) }

    /// Calls `body` with the partition, made if need be: at once if it is there, otherwise on the committing thread. Whoever calls
    /// holds no lock that a commit's completion takes.
    func withPartition(_ body: @escaping @Sendable (Result<Partition, BrokerError>) -> Void) {
        let (partition, isFirst) = state.withLock { state -> (Partition?, Bool) in
            if let partition = state.partition { return (partition, false) }
            state.waiting.append(body)
            return (nil, state.waiting.count == 1)
        }
        if let partition { return body(.success(partition)) }
        if isFirst, !blockingWork.begin({ self.make() }) { tell(.failure(.closed)) }
    }

    private func make() {
        do throws(BrokerError) {
            let topic = try catalogue.create(name, partitionCount: 1, writer: .broker, keeping: Self.keeping)
            tell(.success(topic.partitions[0]))
        } catch {
            tell(.failure(error))
        }
    }

    private func tell(_ result: Result<Partition, BrokerError>) {
        let waiting = state.withLock { state in
            if case .success(let partition) = result { state.partition = partition }
            defer { state.waiting = [] }
            return state.waiting
        }
        for body in waiting { body(result) }
    }

    /// Puts a record into the next commit round. Never blocks.
    /// - Parameter completion: called once, on the committing thread; not if this throws.
    func stage(
        key: [UInt8], value: [UInt8]?, completion: @escaping @Sendable (BrokerError?) -> Void
    ) throws(BrokerError) {
        guard let partition else { preconditionFailure("\(name) was written to before it was made") }
        var builder = RecordBatchBuilder()
        builder.append(key: key, value: value, headers: [], timestamp: catalogue.now)
        do throws(LogStoreError) {
            try catalogue.directory.stage(
                Append([Append.Batch(builder.finish(), to: partition)]) { result in
                    if case .failure(let error) = result { completion(BrokerError(error)) } else { completion(nil) }
                })
        } catch {
            throw BrokerError(error)
        }
    }

    /// Reads all of the topic, if there is one. Blocking.
    /// - Returns: what could not be read.
    func replay(_ body: (StoredRecord) -> Bool) throws(BrokerError) -> [String] {
        guard let partition else { return [] }
        var notes: [String] = []
        try catalogue.directory.forEachRecord(
            of: partition, upTo: partition.syncedEnd, damaged: { notes.append($0.message) }
        ) { stored in
            if !body(stored) {
                notes.append("\(partition.topicPartition) offset \(stored.offset) is no record of ours.")
            }
        }
        return notes
    }
}
