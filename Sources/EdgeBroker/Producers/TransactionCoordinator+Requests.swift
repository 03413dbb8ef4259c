import LogStore
package import RecordFormat

/// What a producer asks for: an identity, partitions, the end of its transaction.
extension TransactionCoordinator {
    /// Kafka's `transaction.max.timeout.ms`.
    package static let longestTimeout = Duration.seconds(15 * 60)
    private static let longestID = 1000

    /// Kafka's InitProducerId.
    ///
    /// - Parameters:
    ///   - transactionalID: 1…1,000 bytes; what an earlier instance with the same one has left open is aborted first, and it is
    ///     fenced. `nil`: for a producer without transactions, who gets a new id.
    ///   - timeout: of each transaction.
    ///   - expected: who the producer is already, when it asks for the next epoch after an error (KIP-360).
    ///   - answer: after `.success` the identity is durable.
    package func initProducerID(
        _ transactionalID: String?, timeout: Duration, expecting expected: ProducerIdentity? = nil,
        answer: @escaping Answer
    ) {
        guard let transactionalID else {
            return ids.next { result in
                answer(result.map { ProducerIdentity(id: $0, epoch: 0) }.mapError { .notStored($0) })
            }
        }
        if transactionalID.isEmpty || transactionalID.utf8.count > Self.longestID {
            return answer(.failure(.invalidRequest))
        }
        if timeout < .milliseconds(1) || timeout > Self.longestTimeout {
            return answer(.failure(.invalidTransactionTimeout))
        }
        topic.withPartition { [self] result in
            if case .failure(let error) = result { return answer(.failure(.notStored(error))) }
            start(transactionalID, timeout, expected, fresh: nil, answer)
        }
    }

    private func start(
        _ id: String, _ timeout: Duration, _ expected: ProducerIdentity?, fresh: Int64?, _ answer: @escaping Answer
    ) {
        run { state, afterwards in
            if state.isClosed { return afterwards.calls.append { answer(.failure(.coordinatorNotAvailable)) } }
            let decision = state.machines[id, default: TransactionStateMachine()].initProducerID(
                expecting: expected, timeout: timeout, fresh: fresh, at: time())
            perform(decision, id, &state, &afterwards, answer) { [self] fresh in
                start(id, timeout, expected, fresh: fresh, answer)
            }
        }
    }

    /// Kafka's AddPartitionsToTxn: all or none. After `.success` the producer may append to them.
    ///
    /// - Parameters:
    ///   - offsets: the producer may commit offsets of consumer groups as well.
    ///   - answer: `.unknownTopicOrPartition`; `.invalidRequest` for a topic that the broker or capture writes, or a buffered
    ///   one: what it acknowledges a power cut may take back, and half of a transaction with it.
    package func add(
        _ partitions: Set<TopicPartition>, offsets: Bool = false, to transactionalID: String,
        _ producer: ProducerIdentity, answer: @escaping Answer
    ) {
        for name in partitions {
            if let error = refusal(of: name) { return answer(.failure(error)) }
        }
        let all = offsets ? partitions.union([OffsetCommitRecord.topicPartition]) : partitions
        ask(transactionalID, answer) { machine, time in machine.add(all, producer, at: time) }
    }

    /// Kafka's AddOffsetsToTxn: after `.success` the producer may commit offsets of consumer groups.
    package func addOffsets(to transactionalID: String, _ producer: ProducerIdentity, answer: @escaping Answer) {
        add([], offsets: true, to: transactionalID, producer, answer: answer)
    }

    /// Why a partition cannot be part of a transaction.
    package func refusal(of name: TopicPartition) -> TransactionError? {
        guard let topic = catalogue.topic(name.topic), name.partition >= 0,
            Int(name.partition) < topic.partitions.count
        else { return .unknownTopicOrPartition }
        guard case .clients(.synced) = topic.writer, !topic.isInternal,
            // It may have been made a synced one since, which takes effect with the next start.
            !catalogue.directory.isBuffered(topic.partitions[Int(name.partition)])
        else { return .invalidRequest }
        return nil
    }

    /// Kafka's EndTxn. After `.success` it is decided and durable, and readers of committed records see all of the transaction, or
    /// none of it; where the disk refuses the markers, they do once it takes them.
    package func end(
        _ transactionalID: String, _ producer: ProducerIdentity, commits: Bool, answer: @escaping Answer
    ) {
        ask(transactionalID, answer) { machine, time in machine.end(producer, commits: commits, at: time) }
    }

    private func ask(
        _ id: String, _ answer: @escaping Answer,
        _ request: @escaping @Sendable (inout TransactionStateMachine, Timestamp) -> TransactionStateMachine.Decision
    ) {
        run { state, afterwards in
            if state.isClosed { return afterwards.calls.append { answer(.failure(.coordinatorNotAvailable)) } }
            guard var machine = state.machines[id] else {
                return afterwards.calls.append { answer(.failure(.invalidProducerIDMapping)) }
            }
            let decision = request(&machine, time())
            state.machines[id] = machine
            perform(decision, id, &state, &afterwards, answer) { [self] _ in ask(id, answer, request) }
        }
    }
}
