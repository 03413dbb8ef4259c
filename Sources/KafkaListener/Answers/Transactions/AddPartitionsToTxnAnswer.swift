import EdgeBroker
import KafkaWire
import RecordFormat

enum AddPartitionsToTxnAnswer: Answering {
    typealias API = AddPartitionsToTxn

    static func answer(_ request: AddPartitionsToTxn.Request, _ exchange: Exchange<AddPartitionsToTxn>) {
        let transactions = exchange.service.broker.transactions
        var refused: [TopicPartition: ErrorCode] = [:]
        var partitions: Set<TopicPartition> = []
        for topic in request.topics {
            for number in topic.partitions {
                let name = TopicPartition(topic: topic.name, partition: number)
                partitions.insert(name)
                if let error = transactions.refusal(of: name) {
                    refused[name] = ErrorCode(error, fencedFrom: 2, version: exchange.version)
                }
            }
        }
        // All or none: those that could be are told that they were not.
        if !refused.isEmpty {
            return respond(request, exchange) { refused[$0] ?? .operationNotAttempted }
        }
        let producer = ProducerIdentity(
            id: request.producerID, epoch: request.producerEpoch)
        transactions.add(partitions, to: request.transactionalID, producer) { result in
            switch result {
            case .success: respond(request, exchange) { _ in .none }
            case .failure(let error):
                respond(request, exchange) { _ in ErrorCode(error, fencedFrom: 2, version: exchange.version) }
            }
        }
    }

    private static func respond(
        _ request: AddPartitionsToTxn.Request, _ exchange: Exchange<AddPartitionsToTxn>,
        _ error: (TopicPartition) -> ErrorCode
    ) {
        exchange.respond { response in
            response.resultsByTopic = request.topics.map { topic in
                AddPartitionsToTxn.Response.TopicResult {
                    $0.name = topic.name
                    $0.resultsByPartition = topic.partitions.map { number in
                        AddPartitionsToTxn.Response.PartitionResult {
                            $0.partitionIndex = number
                            $0.partitionErrorCode = error(TopicPartition(topic: topic.name, partition: number))
                        }
                    }
                }
            }
        }
    }
}
