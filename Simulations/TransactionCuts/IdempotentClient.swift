import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// A producer with an id and no transactions, with up to five batches on their way, that loses many of its answers and sends again.
///
/// Used by one thread, as ``Plant``.
final class IdempotentClient: @unchecked Sendable {
    private struct Batch {
        let sequence: Int32
        let value: String
        var isAnswered = false
    }

    private unowned let plant: Plant
    private let partition: TopicPartition
    private var producer: ProducerIdentity?
    private var isAsking = false
    private var batches: [Batch] = []
    private var nextSequence: Int32 = 0
    /// Answers of an earlier life are nobody's.
    private var life = 0

    init(_ plant: Plant, _ partition: TopicPartition) {
        self.plant = plant
        self.partition = partition
    }

    func restart() {
        life += 1
        isAsking = false
    }

    /// Sends again what has no answer, in its order.
    func resend(_ broker: Broker) {
        guard let producer else { return }
        for batch in batches where !batch.isAnswered { send(batch, producer, broker, isRetry: true) }
    }

    func step(_ broker: Broker) {
        guard let producer else { return askForID(broker) }
        let open = batches.count { !$0.isAnswered }
        if open < ProducerState.mostBatches, plant.generator.chance(600) {
            let value = plant.ledger.record(to: partition, in: nil)
            let batch = Batch(sequence: nextSequence, value: value)
            nextSequence += 1
            batches.append(batch)
            if batches.count > ProducerState.mostBatches { batches.removeFirst() }
            send(batch, producer, broker, isRetry: false)
        } else if !batches.isEmpty {
            // The answer was lost, or is late.
            send(plant.generator.element(of: batches), producer, broker, isRetry: true)
        }
    }

    private func askForID(_ broker: Broker) {
        if isAsking { return }
        isAsking = true
        let life = life
        broker.transactions.initProducerID(nil, timeout: .seconds(60)) { [self] result in
            if life != self.life { return }
            isAsking = false
            guard case .success(let producer) = result else { return plant.noteFailure("no producer id: \(result)") }
            if !plant.producerIDs.insert(producer.id).inserted {
                plant.fail(Violation("producer id \(producer.id) was given out twice"))
            }
            self.producer = producer
        }
    }

    private func send(_ batch: Batch, _ producer: ProducerIdentity, _ broker: Broker, isRetry: Bool) {
        if isRetry {
            plant.totals.retries += 1
            if plant.isFresh { plant.totals.retriesAfterRestart += 1 }
        }
        let bytes = plant.batch(batch.value, producer, sequence: batch.sequence, isTransactional: false)
        let life = life
        broker.append(batch: bytes, to: partition) { [self] result in
            if life != self.life { return }
            switch result {
            case .success(let appended):
                plant.acknowledge(batch.value, appended.range.lowerBound, in: partition)
                if let place = batches.firstIndex(where: { $0.sequence == batch.sequence }) {
                    batches[place].isAnswered = true
                }
            case .failure(let error):
                plant.noteFailure("\(batch.value) was refused: \(error)")
            }
        }
    }
}
