/// Why a producer's request is refused. Each case is one of Kafka's error codes.
package enum TransactionError: Error, Sendable, Equatable {
    /// The broker closes, or has no topic for it yet. A client looks for the coordinator and tries again.
    case coordinatorNotAvailable
    case unknownTopicOrPartition
    case invalidRequest
    /// A newer instance of the producer has written.
    case invalidProducerEpoch
    case invalidTransactionState
    /// The transactional id is not known, or has another producer id.
    case invalidProducerIDMapping
    /// 1 ms to 15 min.
    case invalidTransactionTimeout
    /// The transaction before is being ended. A client tries again soon.
    case concurrentTransactions
    /// A newer instance with the same transactional id has taken over.
    case producerFenced
    case transactionalIDNotFound
    /// The log did not take a record, which may be in it all the same. A client tries again.
    case notStored(BrokerError)

    package var code: Int16 {
        switch self {
        case .unknownTopicOrPartition: 3
        case .coordinatorNotAvailable, .notStored: 15
        case .invalidRequest: 42
        case .invalidProducerEpoch: 47
        case .invalidTransactionState: 48
        case .invalidProducerIDMapping: 49
        case .invalidTransactionTimeout: 50
        case .concurrentTransactions: 51
        case .producerFenced: 90
        case .transactionalIDNotFound: 105
        }
    }
}
