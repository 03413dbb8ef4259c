import LogStore
package import RecordFormat

/// Why offsets are not part of a transaction: the producer's coordinator refuses, or the group's.
package enum TransactionalOffsetsError: Error, Sendable, Equatable {
    case transaction(TransactionError)
    case group(GroupError)

    /// Kafka's.
    package var code: Int16 {
        switch self {
        case .transaction(let error): error.code
        case .group(let error): error.code
        }
    }
}

extension Broker {
    /// Kafka's TxnOffsetCommit: the offsets count when the transaction is committed, with its records.
    ///
    /// - Parameters:
    ///   - producer: has called ``TransactionCoordinator/addOffsets(to:_:answer:)`` for its transaction.
    ///   - membership: `nil`: of a consumer that only keeps its offsets here.
    ///   - completion: called once; after `.success` they are synced as part of the transaction. On the committing thread, unless the
    ///     commit is refused.
    package func commitOffsets(
        inTransactionOf producer: ProducerIdentity, group: String, _ membership: Membership?,
        _ offsets: [TopicPartition: CommittedOffset],
        completion: @escaping @Sendable (Result<Void, TransactionalOffsetsError>) -> Void
    ) {
        if let error = transactions.beginAppend(producer, to: OffsetCommitRecord.topicPartition) {
            return completion(.failure(.transaction(error)))
        }
        let transactions = transactions
        let ended: @Sendable (Result<Void, GroupError>) -> Void = { result in
            transactions.appendEnded(producer)
            completion(result.mapError { .group($0) })
        }
        if PlantedProducerBug.offsetsBeforeMarker.isActive {
            return groups.commit(group, membership, offsets, completion: ended)
        }
        groups.stageTransactional(group, membership, offsets, producer: producer, completion: ended)
    }
}
