package import RecordFormat

/// Where a transactional id stands: what its newest record in `__transaction_state` says.
package struct TransactionMetadata: Sendable, Equatable {
    /// Kafka's states and numbers.
    package enum Status: Int8, Sendable {
        /// No transaction yet, of this epoch.
        case empty
        case ongoing
        /// Decided, and not every partition has its marker.
        case prepareCommit, prepareAbort
        case completeCommit, completeAbort
    }

    package var producer: ProducerIdentity
    /// A transaction that is open for longer is aborted. 1 ms or more.
    package var timeout: Duration
    package var status: Status
    /// Of the transaction that is open or being ended.
    package var partitions: Set<TopicPartition>
    /// When the record was made, by the append clock.
    package var updateTime: Timestamp
    /// When the transaction was begun; `nil` if there is none.
    package var startTime: Timestamp?

    package init(
        _ producer: ProducerIdentity, timeout: Duration, status: Status, partitions: Set<TopicPartition> = [],
        updateTime: Timestamp, startTime: Timestamp? = nil
    ) {
        self.producer = producer
        self.timeout = timeout
        self.status = status
        self.partitions = partitions
        self.updateTime = updateTime
        self.startTime = startTime
    }

    /// How it was decided to end; `nil` unless it is being ended.
    package var decision: Bool? {
        switch status {
        case .prepareCommit: true
        case .prepareAbort: false
        case .empty, .ongoing, .completeCommit, .completeAbort: nil
        }
    }
}
