internal import LogStore
public import RecordFormat

extension Admin {
    /// Every consumer group, by name; those that only keep offsets among them.
    public func groups() -> [ConsumerGroup] {
        broker.groups.list().map { ConsumerGroup(broker.groups.describe($0.group)) }
    }

    /// - Throws: `.unknownGroup`.
    public func describeGroup(_ name: String) throws(BrokerError) -> ConsumerGroup {
        let description = broker.groups.describe(name)
        if description.state == .dead { throw BrokerError(.groupIDNotFound, group: name) }
        return ConsumerGroup(description)
    }

    /// How far a group has come in each partition in which it has committed an offset or a member reads; as Kafka's `kafka-consumer-groups`
    /// shows it. Where it has done neither it may have unread records all the same, and nobody can tell how many: where it would begin is
    /// its consumers' affair.
    ///
    /// - Throws: `.unknownGroup`.
    public func lag(of name: String) throws(BrokerError) -> [GroupLag] {
        let group = try describeGroup(name)
        let committed = broker.committedOffsets(of: name)
        var readers: [TopicPartition: String] = [:]
        for member in group.members { for partition in member.partitions { readers[partition] = member.memberID } }
        return Set(committed.keys).union(readers.keys).sorted(by: TopicPartition.precedes).map { partition in
            let known = broker.catalogue.has(partition) ? broker.directory.partition(partition) : nil
            return GroupLag(
                partition: partition, committed: committed[partition],
                highWatermark: known.map(broker.directory.highWatermark(of:)), memberID: readers[partition])
        }
    }

    /// Where ``seek(group:_:to:)`` would lead, without going there.
    ///
    /// - Parameters:
    ///   - name: of a group, which need not exist if `partitions` are named.
    ///   - partitions: `nil`: all in which the group has committed an offset.
    ///   - reset: where to.
    /// - Throws: `.unknownGroup` if it is to be all and there are none; `.unknownTopic`; `.offsetOutOfRange`; `.storage`.
    public func previewSeek(
        group name: String, _ partitions: [TopicPartition]? = nil, to reset: OffsetReset
    ) throws(BrokerError) -> [OffsetMove] {
        let committed = broker.committedOffsets(of: name)
        let wanted = partitions ?? Array(committed.keys)
        if wanted.isEmpty { throw BrokerError(.groupIDNotFound, group: name) }
        var moves: [OffsetMove] = []
        for partition in wanted.sorted(by: TopicPartition.precedes) {
            let from = committed[partition]?.offset
            moves.append(OffsetMove(partition: partition, from: from, to: try target(of: reset, in: partition, from)))
        }
        return moves
    }

    private func target(
        of reset: OffsetReset, in name: TopicPartition, _ from: Offset?
    ) throws(BrokerError) -> Offset {
        let partition = try broker.catalogue.partition(name)
        let directory = broker.directory
        let end = directory.highWatermark(of: partition)
        return try OffsetMove.target(of: reset, in: name, from: from, min(partition.logStart, end)...end) {
            time throws(BrokerError) in
            do throws(LogStoreError) {
                return try directory.offset(in: partition, at: time, upTo: end)?.offset
            } catch {
                throw BrokerError(error)
            }
        }
    }

    /// Has a group go on elsewhere: the offsets are committed for it, all or none. On return they survive a power cut.
    ///
    /// - Parameters:
    ///   - name: of a group, which need not exist.
    ///   - partitions: `nil`: all in which the group has committed an offset.
    ///   - reset: where to.
    /// - Returns: what was done.
    /// - Throws: as ``previewSeek(group:_:to:)``; `.groupInUse` if it has members, for they would commit over it; `.invalidGroup`,
    ///   `.noSpace`, `.closed`. Nothing is changed then. `.storage` while committing: then that is not known.
    @discardableResult
    public func seek(
        group name: String, _ partitions: [TopicPartition]? = nil, to reset: OffsetReset
    ) async throws(BrokerError) -> [OffsetMove] {
        let moves = try previewSeek(group: name, partitions, to: reset)
        try await broker.commitOffsets(
            group: name,
            Dictionary(moves.map { ($0.partition, CommittedOffset($0.to)) }, uniquingKeysWith: { first, _ in first }))
        return moves
    }

    /// Puts out all members of a group. Those that live find out with their next request, join again and go on from what is committed
    /// then; what they had in hand is done once more.
    ///
    /// - Throws: `.unknownGroup`, `.closed`.
    public func evictMembers(of name: String) throws(BrokerError) {
        if let error = broker.groups.evict(name) { throw BrokerError(error, group: name) }
    }

    /// Deletes a group with its offsets. On return it stays deleted after a power cut.
    ///
    /// - Throws: `.unknownGroup`, `.groupInUse`, `.noSpace`, `.closed`: nothing is changed then. `.storage`: then that is not known.
    public func deleteGroup(_ name: String) async throws(BrokerError) {
        let error = await withCheckedContinuation { (continuation: CheckedContinuation<GroupError?, Never>) in
            broker.groups.delete(name) { continuation.resume(returning: $0) }
        }
        if let error { throw BrokerError(error, group: name) }
    }
}
