import EdgeBroker
import KafkaWire

extension ErrorCode {
    /// - Parameter version: of the request: PRODUCER_FENCED is known from some version on, INVALID_PRODUCER_EPOCH before.
    init(_ error: TransactionError, fencedFrom first: Int16, version: Int16) {
        let code = ErrorCode(rawValue: error.code) ?? .unknownServerError
        self = code == .producerFenced && version < first ? .invalidProducerEpoch : code
    }
}
