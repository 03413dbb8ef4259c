import LogStore
package import RecordFormat

extension GroupCoordinator {
    static let longestMetadata = 4096
    static let mostOffsets = 100_000

    /// Why one offset cannot be committed; Kafka's clients are told for each partition.
    package func refusal(of offset: CommittedOffset, for partition: TopicPartition) -> GroupError? {
        if offset.metadata.utf8.count > Self.longestMetadata { return .offsetMetadataTooLarge }
        if !partitionExists(partition) { return .unknownTopicOrPartition }
        return offset.offset < .zero ? .offsetOutOfRange : nil
    }

    /// Kafka's OffsetCommit: all offsets or none. Whether the member may is decided, and the record gets its place in the log, in one
    /// step: no commit of a generation stands behind the record of the next one.
    ///
    /// - Parameters:
    ///   - membership: `nil`: of a consumer that only keeps its offsets here; refused while the group has members.
    ///   - completion: called once; after `.success` the offsets are synced and ``fetch(_:_:requiresStable:)`` tells them. Not on the
    ///     caller's thread unless the commit is refused.
    package func commit(
        _ group: String, _ membership: Membership?, _ offsets: [TopicPartition: CommittedOffset],
        completion: @escaping @Sendable (Result<Void, GroupError>) -> Void
    ) {
        if let error = commitUnlessRefused(group, membership, offsets, completion: completion) {
            completion(.failure(error))
        }
    }

    /// ``commit(_:_:_:completion:)`` that tells at once why it refuses, and does not call `completion` then.
    func commitUnlessRefused(
        _ group: String, _ membership: Membership?, _ offsets: [TopicPartition: CommittedOffset],
        completion: @escaping @Sendable (Result<Void, GroupError>) -> Void
    ) -> GroupError? {
        stage(group, membership, offsets, producer: nil, completion)
    }

    /// Kafka's TxnOffsetCommit: as ``commit(_:_:_:completion:)``, but the offsets count from
    /// ``completeTransaction(producerID:isCommitted:)`` on. After `.success` they are synced as part of the transaction.
    package func stageTransactional(
        _ group: String, _ membership: Membership?, _ offsets: [TopicPartition: CommittedOffset],
        producer: ProducerIdentity, completion: @escaping @Sendable (Result<Void, GroupError>) -> Void
    ) {
        let refusal = stage(group, membership, offsets, producer: producer, completion)
        if let refusal { completion(.failure(refusal)) }
    }

    /// A marker in `__consumer_offsets` that ends a producer's transaction is synced. To be called in the order of the log: from the
    /// completion of the append that wrote the marker.
    package func completeTransaction(producerID: Int64, isCommitted: Bool) {
        offsets.withTable { $0.complete(producerID: producerID, isCommitted: isCommitted) }
    }

    /// - Returns: why nothing is committed; then `completion` is not called.
    private func stage(
        _ group: String, _ membership: Membership?, _ offsets: [TopicPartition: CommittedOffset],
        producer: ProducerIdentity?, _ completion: @escaping @Sendable (Result<Void, GroupError>) -> Void
    ) -> GroupError? {
        if let error = check(group, offsets) { return error }
        let now = clock.wall()
        let records = offsets.sorted { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }
            .map { name, committed in
                var committed = committed
                committed.time = now
                return OffsetCommitRecord(group: group, partition: name, committed: committed)
            }
        return run { state, afterwards in
            var error = state.isClosed ? GroupError.coordinatorNotAvailable : nil
            if error == nil {
                error = check(
                    group, membership, offsets.keys, isTransactional: producer != nil, &state, &afterwards)
            }
            if error == nil, let metadata = state.groups[group]?.unwrittenRecord { error = rewrite(metadata, group) }
            if error == nil, !records.isEmpty { error = append(records, producer, completion) }
            if error == nil, records.isEmpty { afterwards.calls.append { completion(.success(())) } }
            return error
        }
    }

    private func check(_ group: String, _ offsets: [TopicPartition: CommittedOffset]) -> GroupError? {
        if let error = Self.check(group) { return error }
        if offsets.count > Self.mostOffsets { return .invalidCommitOffsetSize }
        for (name, committed) in offsets {
            if let error = refusal(of: committed, for: name) { return error }
        }
        return nil
    }

    private func check(
        _ group: String, _ membership: Membership?, _ partitions: some Sequence<TopicPartition>,
        isTransactional: Bool, _ state: inout State, _ afterwards: inout Afterwards
    ) -> GroupError? {
        if state.consumerGroups[group] != nil {
            return act(onConsumers: group, &state, &afterwards) { machine, _ in
                let refusal = machine.checkCommit(membership, partitions, isTransactional: isTransactional)
                return (refusal, refusal == nil ? machine.rewrite() : [])
            }
        }
        if state.groups[group] == nil {
            return membership.map { $0.generation < 0 } ?? true ? nil : .illegalGeneration
        }
        return act(on: group, &state, &afterwards) { machine, now in
            (machine.checkCommit(membership, isTransactional: isTransactional, now: now), [])
        }
    }

    /// - Returns: why the log does not take the record.
    private func rewrite(_ metadata: GroupMetadata, _ group: String) -> GroupError? {
        do throws(BrokerError) {
            try journal.append([record(of: metadata, group)], producer: nil) { result in
                self.wrote(group, .empty(metadata.generation), result)
            }
            return nil
        } catch {
            return .notStored(error)
        }
    }

    /// - Returns: why the log does not take the records.
    func append(
        _ records: [OffsetCommitRecord], _ producer: ProducerIdentity?,
        _ completion: @escaping @Sendable (Result<Void, GroupError>) -> Void
    ) -> GroupError? {
        do throws(BrokerError) {
            let offsets = offsets
            try journal.append(records.map { .offset($0) }, producer: producer) { result in
                switch result {
                case .success(let first):
                    // Completions come in the order of the log, so the newest wins here as it does at the next start.
                    offsets.withTable { table in
                        for (index, record) in records.enumerated() {
                            let at = first.advanced(by: Int64(index))
                            if let producer {
                                table.applyPending(record, producerID: producer.id, at: at)
                            } else {
                                table.apply(record, at: at)
                            }
                        }
                    }
                    completion(.success(()))
                case .failure(let error): completion(.failure(.notStored(error)))
                }
            }
            return nil
        } catch {
            return .notStored(error)
        }
    }

    /// Kafka's OffsetFetch: what a group has committed and is synced.
    ///
    /// - Parameters:
    ///   - partitions: `nil`: all that it has committed.
    ///   - requiresStable: a partition with an offset of a transaction that is not decided is refused.
    /// - Returns: for each partition its offset, `nil` where there is none.
    package func fetch(
        _ group: String, _ partitions: [TopicPartition]?, requiresStable: Bool = false
    ) -> [TopicPartition: Result<CommittedOffset?, GroupError>] {
        offsets.withTable { table in
            let committed = table.offsets(of: group)
            let pending = requiresStable ? table.pending.partitions(of: group) : []
            var answers: [TopicPartition: Result<CommittedOffset?, GroupError>] = [:]
            for partition in partitions ?? Array(Set(committed.keys).union(pending)) {
                answers[partition] =
                    pending.contains(partition) ? .failure(.unstableOffsetCommit) : .success(committed[partition])
            }
            return answers
        }
    }
}
