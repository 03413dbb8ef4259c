import LogStore
import RecordFormat
import Synchronization

/// The end of a transaction in each of its partitions.
extension TransactionCoordinator {
    static let retryDelay = Duration.milliseconds(500)

    /// Puts the markers of all partitions into one commit round.
    func writeMarkers(
        _ metadata: TransactionMetadata, _ id: String, _ state: inout State, _ afterwards: inout Afterwards,
        _ then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        guard let commits = metadata.decision else { return }
        let marker = TransactionMarker(commits ? .commit : .abort, coordinatorEpoch: 0)
        let directory = catalogue.directory
        let batches = metadata.partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
            .compactMap { name in
                // A topic that was deleted meanwhile needs none, nor one whose creation has failed: its folder must stay empty.
                partition(name).map { partition in
                    var builder = RecordBatchBuilder()
                    builder.append(key: marker.key, value: marker.value, timestamp: time())
                    var batch = builder.finish()
                    batch.makeTransactional(
                        producerID: metadata.producer.id, epoch: metadata.producer.epoch, isControl: true)
                    return Append.Batch(batch, to: partition)
                }
            }
        if batches.isEmpty { return complete(metadata, id, &state, &afterwards, then) }
        state.retries[id] = nil
        do throws(LogStoreError) {
            // Made buffered while the transaction was open: such a partition can be part of no larger append.
            for batch in batches where directory.isBuffered(batch.partition) {
                try directory.stage(Append([batch]) { _ in })
            }
            let synced = batches.filter { !directory.isBuffered($0.partition) }
            if synced.isEmpty { return complete(metadata, id, &state, &afterwards, then) }
            try directory.stage(
                Append(synced) { [self] result in
                    if case .success = result, metadata.partitions.contains(OffsetCommitRecord.topicPartition) {
                        listeners.withLock(\.self).offsetsMarker(metadata.producer.id, commits)
                    }
                    run { state, afterwards in
                        if case .success = result {
                            complete(metadata, id, &state, &afterwards, then)
                        } else {
                            postpone(id, &state, &afterwards, then)
                        }
                    }
                })
        } catch {
            postpone(id, &state, &afterwards, then)
        }
    }

    private func partition(_ name: TopicPartition) -> Partition? {
        guard let topic = catalogue.topic(name.topic), name.partition >= 0,
            Int(name.partition) < topic.partitions.count
        else { return nil }
        return topic.partitions[Int(name.partition)]
    }

    /// It is decided all the same.
    private func postpone(
        _ id: String, _ state: inout State, _ afterwards: inout Afterwards,
        _ then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        state.retries[id] = clock.monotonic() + Self.retryDelay
        afterwards.calls.append { then(nil) }
    }

    private func complete(
        _ metadata: TransactionMetadata, _ id: String, _ state: inout State, _ afterwards: inout Afterwards,
        _ then: @escaping @Sendable (TransactionError?) -> Void
    ) {
        state.retries[id] = nil
        if let completed = state.machines[id]?.completed(at: time()) {
            let record = TransactionRecord(id, completed)
            do throws(BrokerError) {
                try topic.stage(key: record.key, value: record.value) { _ in }
            } catch {
                // The markers are there: a start would write them once more, and then this. What refuses it now refuses the next
                // request of this producer as well, and that one says so.
            }
        }
        afterwards.calls.append { then(nil) }
    }

    /// Writes the markers that a stop has cut short, and commits them. Blocking; before anybody reads.
    func recover() {
        if PlantedProducerBug.markersForgottenAtStart.isActive { state.withLock { $0.retries = [:] } }
        if state.withLock({ $0.retries.isEmpty }) { return }
        fireTimers()
        catalogue.directory.runCommitRound()
    }
}
