package import RecordFormat

extension GroupCoordinator {
    /// A group of either protocol; state ``GroupState/dead`` if there is no such group.
    package func describe(_ group: String) -> GroupDescription {
        describeConsumers(group)?.classic ?? describeClassic(group)
    }

    /// Kafka's DescribeGroups; state ``GroupState/dead`` if there is no such group in the classic protocol.
    package func describeClassic(_ group: String) -> GroupDescription {
        let known = run { state, afterwards -> GroupDescription? in
            if state.groups[group] == nil { return nil }
            return act(on: group, &state, &afterwards) { machine, _ in (machine.description, []) }
        }
        if let known { return known }
        let isElsewhere = run { state, _ in state.consumerGroups[group] != nil }
        let hasOffsets = !isElsewhere && offsets.withTable { $0.contains(group: group) }
        return GroupDescription(group: group, state: hasOffsets ? .empty : .dead)
    }

    /// Kafka's ListGroups, by name; groups that only keep offsets among them.
    package func list() -> [GroupListing] {
        var listed: [String: GroupListing] = [:]
        for group in offsets.withTable({ $0.groups }) {
            listed[group] = GroupListing(group: group, protocolType: "", state: .empty)
        }
        let listings = run { state, _ in state.groups.values.map(\.listing) + state.consumerGroups.values.map(\.listing)
        }
        for listing in listings { listed[listing.group] = listing }
        return listed.values.sorted { $0.group < $1.group }
    }

    /// How many members each group of ``list()`` has.
    var memberCounts: [String: Int] {
        var counts: [String: Int] = [:]
        for group in offsets.withTable({ $0.groups }) { counts[group] = 0 }
        let known = run { state, _ in
            state.groups.mapValues(\.members.count).merging(state.consumerGroups.mapValues(\.members.count)) { $1 }
        }
        return counts.merging(known) { $1 }
    }

    /// Kafka's DeleteGroups: the group and its offsets are as if they had never been.
    ///
    /// - Parameter completion: with `nil` once that is synced; with `.nonEmptyGroup`, `.groupIDNotFound`, `.invalidGroupID`,
    ///   `.coordinatorNotAvailable`, and nothing is changed; with `.notStored`, and then that is not known.
    package func delete(_ group: String, completion: @escaping @Sendable (GroupError?) -> Void) {
        if let error = Self.check(group) { return completion(error) }
        run { state, afterwards in
            let error = delete(group, &state, &afterwards, completion)
            if let error { afterwards.calls.append { completion(error) } }
        }
    }

    private func delete(
        _ group: String, _ state: inout State, _ afterwards: inout Afterwards,
        _ completion: @escaping @Sendable (GroupError?) -> Void
    ) -> GroupError? {
        if state.isClosed { return .coordinatorNotAvailable }
        let tombstones = tombstones(of: group, in: nil)
        var records = [GroupRecord.group(GroupMetadataRecord(group: group, metadata: nil))]
        if state.groups[group] != nil {
            let stands = act(on: group, &state, &afterwards) { machine, _ in (machine.state, []) }
            if stands != .empty { return .nonEmptyGroup }
        } else if state.consumerGroups[group] != nil {
            guard let ends = self.tombstones(ofConsumers: group, &state, &afterwards) else { return .nonEmptyGroup }
            records += ends
        } else if tombstones.isEmpty {
            return .groupIDNotFound
        }
        records += tombstones.map { .offset($0) }
        let offsets = offsets
        let error = end(group, records, &state) { result in
            switch result {
            case .success(let first):
                offsets.withTable { table in for record in tombstones { table.apply(record, at: first) } }
                completion(nil)
            case .failure(let error): completion(.notStored(error))
            }
        }
        if error == nil { state.groups[group] = nil }
        return error
    }

    /// Kafka's OffsetDelete: the group has no offsets in these partitions any more.
    ///
    /// - Parameter completion: for each partition why it was left as it is, which is `.groupSubscribedToTopic`, or `nil`; as a whole
    ///   `.groupIDNotFound`, `.nonEmptyGroup` for members that do not consume, or `.notStored`.
    package func deleteOffsets(
        _ group: String, _ partitions: [TopicPartition],
        completion: @escaping @Sendable (Result<[TopicPartition: GroupError?], GroupError>) -> Void
    ) {
        if let error = Self.check(group) { return completion(.failure(error)) }
        run { state, afterwards in
            switch deletable(group, partitions, &state, &afterwards) {
            case .failure(let error): afterwards.calls.append { completion(.failure(error)) }
            case .success(let verdicts):
                let gone = Set(verdicts.filter { $0.value == nil }.keys)
                let tombstones = tombstones(of: group, in: gone)
                if tombstones.isEmpty { return afterwards.calls.append { completion(.success(verdicts)) } }
                let error = append(tombstones, nil) { result in completion(result.map { verdicts }) }
                if let error { afterwards.calls.append { completion(.failure(error)) } }
            }
        }
    }

    private func deletable(
        _ group: String, _ partitions: [TopicPartition], _ state: inout State, _ afterwards: inout Afterwards
    ) -> Result<[TopicPartition: GroupError?], GroupError> {
        if state.isClosed { return .failure(.coordinatorNotAvailable) }
        var subscribed: Set<String>? = []
        if state.consumerGroups[group] != nil {
            subscribed = act(onConsumers: group, &state, &afterwards) { machine, _ in (machine.subscribedTopics, []) }
        } else if state.groups[group] == nil {
            if !offsets.withTable({ $0.contains(group: group) }) { return .failure(.groupIDNotFound) }
        } else {
            let (topics, consumes) = act(on: group, &state, &afterwards) { machine, _ in
                ((machine.subscribedTopics, machine.consumes), [])
            }
            if topics == nil, !consumes { return .failure(.nonEmptyGroup) }
            subscribed = topics
        }
        var verdicts: [TopicPartition: GroupError?] = [:]
        for partition in partitions {
            // Where nobody can tell what the members read, they may read everything.
            let isRead = subscribed?.contains(partition.topic) ?? true
            verdicts[partition] = .some(isRead ? .groupSubscribedToTopic : nil)
        }
        return .success(verdicts)
    }

    /// - Parameter partitions: `nil`: all in which the group has an offset, or would have one after a transaction.
    private func tombstones(of group: String, in partitions: Set<TopicPartition>?) -> [OffsetCommitRecord] {
        let known = offsets.withTable { table in
            Set(table.offsets(of: group).keys).union(table.pending.partitions(of: group))
        }
        return (partitions.map(known.intersection) ?? known)
            .sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
            .map { OffsetCommitRecord(group: group, partition: $0, committed: nil) }
    }
}

extension GroupCoordinator {
    /// Puts out all members of a group. They hear that they are unknown, and join again if they live.
    package func evict(_ group: String) -> GroupError? {
        if let error = Self.check(group) { return error }
        return run { state, afterwards in
            if state.isClosed { return .coordinatorNotAvailable }
            if state.consumerGroups[group] != nil {
                return act(onConsumers: group, &state, &afterwards) { machine, _ in (nil, machine.evict()) }
            }
            if state.groups[group] == nil {
                return offsets.withTable { $0.contains(group: group) } ? nil : .groupIDNotFound
            }
            return act(on: group, &state, &afterwards) { machine, now in (nil, machine.evict(now: now)) }
        }
    }
}
