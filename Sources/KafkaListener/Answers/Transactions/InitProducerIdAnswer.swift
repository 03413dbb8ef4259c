import EdgeBroker
import KafkaWire

enum InitProducerIdAnswer: Answering {
    typealias API = InitProducerId

    static func answer(_ request: InitProducerId.Request, _ exchange: Exchange<InitProducerId>) {
        let expected =
            request.producerID < 0
            ? nil : ProducerIdentity(id: request.producerID, epoch: request.producerEpoch)
        exchange.service.broker.transactions.initProducerID(
            request.transactionalID, timeout: .milliseconds(Int64(request.transactionTimeoutMs)), expecting: expected
        ) { result in
            exchange.respond { response in
                switch result {
                case .success(let producer):
                    (response.producerID, response.producerEpoch) = (producer.id, producer.epoch)
                case .failure(let error):
                    response.errorCode = ErrorCode(error, fencedFrom: 4, version: exchange.version)
                    (response.producerID, response.producerEpoch) = (-1, -1)
                }
            }
        }
    }
}
