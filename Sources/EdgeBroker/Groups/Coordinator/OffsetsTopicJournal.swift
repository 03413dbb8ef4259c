import LogStore
import RecordFormat
import Synchronization

/// Appends to `__consumer_offsets`, which is made with the first record, so that a broker without groups has none.
final class OffsetsTopicJournal: GroupJournal {
    private struct Waiting {
        let batch: [UInt8]
        let completion: @Sendable (Result<Offset, BrokerError>) -> Void
    }

    private struct State {
        var partition: Partition?
        /// What came while the topic is being made.
        var waiting: [Waiting] = []
        var isMaking = false
    }

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

    init(_ catalogue: TopicCatalogue, _ blockingWork: BlockingWork) {
        self.catalogue = catalogue
        self.blockingWork = blockingWork
        state = Mutex(State(partition: catalogue.topic(OffsetCommitRecord.topic)?.partitions.first))
    }

    func append(
        _ records: [GroupRecord], producer: ProducerIdentity?,
        completion: @escaping @Sendable (Result<Offset, BrokerError>) -> Void
    ) throws(BrokerError) {
        var builder = RecordBatchBuilder()
        let now = catalogue.now
        for record in records { builder.append(key: record.key, value: record.value, headers: [], timestamp: now) }
        var batch = builder.finish()
        if let producer { batch.makeTransactional(producerID: producer.id, epoch: producer.epoch) }
        let one = Waiting(batch: batch, completion: completion)
        // Staged under the lock: the order of the calls is the order of the log.
        let mustMake = try state.withLock { state throws(BrokerError) in
            if let partition = state.partition {
                try stage(one, in: partition)
                return false
            }
            state.waiting.append(one)
            defer { state.isMaking = true }
            return !state.isMaking
        }
        guard mustMake else { return }
        guard blockingWork.hasThread else {
            // Then nobody else waits.
            if let (_, error) = make().first { throw error }
            return
        }
        let isAccepted = blockingWork.enqueue { for (one, error) in self.make() { one.completion(.failure(error)) } }
        if isAccepted { return }
        state.withLock { $0 = State() }
        throw .closed
    }

    private func stage(_ one: Waiting, in partition: Partition) throws(BrokerError) {
        do throws(LogStoreError) {
            try catalogue.directory.stage(
                Append([Append.Batch(one.batch, to: partition)]) { result in
                    one.completion(
                        result.map { $0.first?.lowerBound ?? .zero }.mapError { BrokerError($0) })
                })
        } catch {
            throw BrokerError(error)
        }
    }

    /// Makes the topic and stages what has waited for it. Blocking; on the committing thread.
    /// - Returns: what was refused, and why.
    private func make() -> [(Waiting, BrokerError)] {
        let made = Result { () throws(BrokerError) in
            if let topic = catalogue.topic(OffsetCommitRecord.topic) { return topic }
            return try catalogue.create(
                OffsetCommitRecord.topic, partitionCount: 1, writer: .broker, keeping: Self.keeping)
        }
        return state.withLock { state in
            state.isMaking = false
            defer { state.waiting = [] }
            return state.waiting.compactMap { one in
                do throws(BrokerError) {
                    let partition = try made.get().partitions[0]
                    state.partition = partition
                    try stage(one, in: partition)
                    return nil
                } catch {
                    return (one, error)
                }
            }
        }
    }
}
