extension BrokerError {
    /// What the coordinator of transactions refused, for a caller in this process.
    init(_ error: TransactionError, _ id: String) {
        let name = id.prefix(80).debugDescription
        switch error {
        case .notStored(let error): self = error
        case .coordinatorNotAvailable: self = .closed
        case .unknownTopicOrPartition:
            self.init(
                .unknownTopic, "A transaction of producer \(name) names a partition that does not exist.",
                remedy: "`edgebroker topic list` shows those that do.")
        case .invalidRequest:
            self.init(
                .invalidConfiguration,
                "Producer \(name) cannot have what it asks for: an id has 1 to 1,000 bytes, and a partition of a transaction belongs to a synced topic of clients.",
                remedy: "Use another id, or a topic that is not buffered, captured or internal.")
        case .invalidTransactionTimeout:
            self.init(
                .invalidConfiguration, "A transaction of producer \(name) cannot have this timeout.",
                remedy: "Choose 1 ms to 15 min.")
        case .invalidProducerEpoch, .producerFenced:
            self.init(
                .producerFenced,
                "Producer \(name) was fenced: another instance has taken over, or its transaction was open for too long.",
                remedy: "Make a new producer, if this is the one that is to go on.")
        case .invalidTransactionState:
            self.init(
                .invalidTransactionState, "What producer \(name) asks for does not fit its transaction.",
                remedy: "Abort it and begin anew.")
        case .invalidProducerIDMapping, .transactionalIDNotFound:
            self.init(
                .invalidProducerIDMapping, "Producer \(name) is not known, or has another producer id by now.",
                remedy: "Make a new producer.")
        case .concurrentTransactions:
            self.init(
                .concurrentTransactions, "The transaction before of producer \(name) is still being ended.",
                remedy: "Try again soon.")
        }
    }
}
