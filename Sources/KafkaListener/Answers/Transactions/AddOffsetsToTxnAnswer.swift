import EdgeBroker
import KafkaWire

enum AddOffsetsToTxnAnswer: Answering {
    typealias API = AddOffsetsToTxn

    static func answer(_ request: AddOffsetsToTxn.Request, _ exchange: Exchange<AddOffsetsToTxn>) {
        let producer = ProducerIdentity(id: request.producerID, epoch: request.producerEpoch)
        exchange.service.broker.transactions.addOffsets(to: request.transactionalID, producer) { result in
            exchange.respond { response in
                if case .failure(let error) = result {
                    response.errorCode = ErrorCode(error, fencedFrom: 2, version: exchange.version)
                }
            }
        }
    }
}
