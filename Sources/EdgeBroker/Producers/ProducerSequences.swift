import LogStore
import RecordFormat
import Synchronization

/// Numbers the batches of one producer in this process, and appends each in the step in which it gets its number.
final class ProducerSequences: Sendable {
    private struct State {
        var next: [TopicPartition: Int32] = [:]
        var partitioner: Partitioner
    }

    private let state: Mutex<State>

    init(random: @escaping @Sendable () -> UInt64) { state = Mutex(State(partitioner: Partitioner(random: random))) }

    func partition(for record: borrowing Record, in topic: String, of count: Int) -> Int32 {
        state.withLock { state in
            let chosen = state.partitioner.partition(for: record, in: topic, of: count)
            state.partitioner.moveOn(from: chosen, of: topic, count: count)
            return chosen
        }
    }

    /// A new epoch begins with 0.
    func beginAnew() { state.withLock { $0.next = [:] } }

    /// - Parameter completion: as that of ``Broker/append(batch:to:completion:)``.
    func append(
        _ batch: [UInt8], count: Int, of producer: ProducerIdentity, to name: TopicPartition, on broker: Broker,
        completion: @escaping @Sendable (Result<AppendedBatch, BrokerError>) -> Void
    ) {
        // Under the lock, so that two batches come into the log in the order of their numbers. The append does not wait.
        state.withLock { state in
            let sequence = state.next[name] ?? 0
            var batch = batch
            batch.setProducer(
                id: producer.id, epoch: producer.epoch, sequence: sequence, isTransactional: true)
            // After 2^31 − 1 comes 0.
            state.next[name] = Int32(truncatingIfNeeded: (Int64(sequence) + Int64(count)) & Int64(Int32.max))
            broker.append(batch: batch, to: name, completion: completion)
        }
    }
}
