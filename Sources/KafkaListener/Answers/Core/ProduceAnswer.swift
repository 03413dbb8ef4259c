import EdgeBroker
import KafkaWire
import LogStore
import RecordFormat
import Synchronization

enum ProduceAnswer: Answering {
    typealias API = Produce

    static func answer(_ request: Produce.Request, _ exchange: Exchange<Produce>) {
        let pending = PendingProduce(request, exchange)
        guard [-1, 0, 1].contains(request.acks) else { return pending.refuseAll(.invalidRequiredAcks) }
        let broker = exchange.service.broker
        for (topicIndex, topic) in request.topicData.enumerated() {
            let name = exchange.version >= 13 ? broker.servedTopic(id: topic.topicID.bytes)?.name : topic.name
            for (index, partition) in topic.partitionData.enumerated() {
                let place = PendingProduce.Place(topic: topicIndex, partition: index)
                guard let name else {
                    pending.settle(place, .unknownTopicID)
                    continue
                }
                guard let records = partition.records, records.count > 0 else {
                    pending.settle(place, .invalidRecord)
                    continue
                }
                let start = exchange.request.frame.startIndex
                let batch = Array(
                    exchange.request.frame[(start + records.position)..<(start + records.position + records.count)])
                if let error = ClientBatch.refusal(of: batch) {
                    pending.settle(place, error)
                    continue
                }
                let target = TopicPartition(topic: name, partition: partition.index)
                broker.append(batch: batch, to: target) { pending.settle(place, $0, target, broker) }
            }
        }
        pending.begun()
    }
}

/// A produce request until all of its partitions are appended to, or refused.
private final class PendingProduce: Sendable {
    struct Place: Sendable {
        let topic: Int
        let partition: Int
    }

    private struct State {
        var response = Produce.Response()
        /// And one for the request itself, while it is being gone through.
        var left = 1
        var hasFailed = false

        mutating func change(_ place: Place, _ body: (inout Produce.Response.Topic.Partition) -> Void) {
            body(&response.responses[place.topic].partitionResponses[place.partition])
        }
    }

    private let exchange: Exchange<Produce>
    private let acks: Int16
    private let state: Mutex<State>

    init(_ request: Produce.Request, _ exchange: Exchange<Produce>) {
        self.exchange = exchange
        acks = request.acks
        var state = State()
        state.response.responses = request.topicData.map { topic in
            state.left += topic.partitionData.count
            return Produce.Response.Topic {
                $0.name = topic.name
                $0.topicID = topic.topicID
                $0.partitionResponses = topic.partitionData.map { partition in
                    Produce.Response.Topic.Partition {
                        $0.index = partition.index
                        $0.baseOffset = -1
                    }
                }
            }
        }
        self.state = Mutex(state)
    }

    func begun() { finish { _ in } }

    func refuseAll(_ error: ErrorCode) {
        let response = state.withLock { state in
            for topic in state.response.responses.indices {
                for partition in state.response.responses[topic].partitionResponses.indices {
                    state.response.responses[topic].partitionResponses[partition].errorCode = error
                }
            }
            return state.response
        }
        if acks == 0 { exchange.close() } else { exchange.respond(response) }
    }

    func settle(_ place: Place, _ error: ErrorCode) {
        finish { state in
            state.hasFailed = true
            state.change(place) { $0.errorCode = error }
        }
    }

    func settle(
        _ place: Place, _ result: Result<AppendedBatch, BrokerError>, _ target: TopicPartition, _ broker: Broker
    ) {
        switch result {
        case .failure(let error):
            // Clients tell by the log start whether their batches are gone with the log, and go on if so; without it they send the
            // same batch until they lose patience.
            let logStart = error.code == .unknownProducer ? broker.logStart(of: target) : nil
            finish { state in
                state.hasFailed = true
                state.change(place) {
                    $0.errorCode = ErrorCode(error)
                    $0.errorMessage = error.message
                    if let logStart { $0.logStartOffset = logStart.rawValue }
                    // Clients tell by these the records that are to blame from those that were only sent along (KIP-467).
                    // Without words of their own they have those of the batch.
                    $0.recordErrors = error.recordIndexes.map { index in
                        Produce.Response.Topic.Partition.RecordError { $0.batchIndex = index }
                    }
                }
            }
        case .success(let appended):
            let logStart = broker.logStart(of: target)
            finish { state in
                state.change(place) {
                    $0.baseOffset = appended.range.lowerBound.rawValue
                    $0.logStartOffset = logStart.rawValue
                    $0.logAppendTimeMs = appended.appendTime?.millisecondsSince1970 ?? -1
                }
            }
        }
    }

    private func finish(_ change: (inout State) -> Void) {
        let done = state.withLock { state -> State? in
            change(&state)
            state.left -= 1
            return state.left == 0 ? state : nil
        }
        guard let done else { return }
        if acks != 0 {
            exchange.respond(done.response)
        } else if done.hasFailed {
            // A client that waits for no answer hears of an error only so; Kafka does the same.
            exchange.close()
        } else {
            exchange.respondNothing()
        }
    }
}
