import EdgeBroker
import KafkaWire

enum EndTxnAnswer: Answering {
    typealias API = EndTxn

    static func answer(_ request: EndTxn.Request, _ exchange: Exchange<EndTxn>) {
        let producer = ProducerIdentity(id: request.producerID, epoch: request.producerEpoch)
        exchange.service.broker.transactions.end(request.transactionalID, producer, commits: request.committed) {
            result in
            exchange.respond { response in
                if case .failure(let error) = result {
                    response.errorCode = ErrorCode(error, fencedFrom: 2, version: exchange.version)
                }
            }
        }
    }
}
