import RecordFormat
import Synchronization

/// Batches on their way into a transaction's partitions: its end waits for them.
extension TransactionCoordinator {
    /// Whether a batch of a transaction may be appended now. If so, ``appendEnded(_:)`` must follow.
    func beginAppend(_ producer: ProducerIdentity, to partition: TopicPartition) -> TransactionError? {
        state.withLock { state in
            if state.isClosed { return .coordinatorNotAvailable }
            guard let id = state.owners[producer.id] else { return .invalidProducerIDMapping }
            return state.machines[id]?.append(producer, to: partition) ?? nil
        }
    }

    func appendEnded(_ producer: ProducerIdentity) {
        run { state, afterwards in
            guard let id = state.owners[producer.id], state.machines[id]?.appendEnded() == true else { return }
            afterwards.calls += state.parked.removeValue(forKey: id) ?? []
        }
    }
}
