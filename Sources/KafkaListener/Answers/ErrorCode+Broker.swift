import EdgeBroker
import KafkaWire

extension ErrorCode {
    /// What a client is told of an error of the broker.
    init(_ error: BrokerError) {
        self =
            switch error.code {
            case .unknownTopic: .unknownTopicOrPartition
            case .offsetOutOfRange: .offsetOutOfRange
            // Not OFFSET_OUT_OF_RANGE: a client would go to the log's start or end by itself, which repeats or loses records.
            case .corrupt: .corruptMessage
            case .topicExists: .topicAlreadyExists
            case .invalidTopicName: .invalidTopicException
            case .invalidConfiguration: .invalidConfig
            case .readOnlyTopic: .topicAuthorizationFailed
            case .tooLarge: .messageTooLarge
            case .invalidGroup: .invalidGroupID
            case .unknownGroup: .groupIDNotFound
            case .groupInUse: .nonEmptyGroup
            case .fenced: .unknownMemberID
            case .rebalancing: .rebalanceInProgress
            case .noCommittedOffset: .offsetOutOfRange
            case .recordsNeeded: .policyViolation
            case .missingKey, .invalidRecord: .invalidRecord
            case .outOfOrderSequence: .outOfOrderSequenceNumber
            case .duplicateSequence: .duplicateSequenceNumber
            case .invalidProducerEpoch: .invalidProducerEpoch
            case .unknownProducer: .unknownProducerID
            case .invalidTransactionState: .invalidTxnState
            case .producerFenced: .producerFenced
            case .concurrentTransactions: .concurrentTransactions
            case .invalidProducerIDMapping: .invalidProducerIDMapping
            // The client may try again, and when there is room or the partition is open again, it goes through.
            case .noSpace, .storage: .kafkaStorageError
            case .closed, .cancelled: .notLeaderOrFollower
            case .locked, .notADirectory, .refused, .newerFormat, .foreignDirectory: .unknownServerError
            }
    }
}
