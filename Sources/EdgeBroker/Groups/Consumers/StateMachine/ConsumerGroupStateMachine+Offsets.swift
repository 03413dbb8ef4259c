import LogStore
package import RecordFormat

extension ConsumerGroupStateMachine {
    /// Whether offsets may be committed: by a member in its epoch, or past the group if nobody is in it.
    ///
    /// - Parameter isTransactional: the transaction's end decides, so a commit that names no member is taken; Kafka does the same.
    package func checkCommit(
        _ membership: Membership?, _ partitions: some Sequence<TopicPartition>, isTransactional: Bool = false
    ) -> GroupError? {
        let isSimple = membership.map { $0.generation < 0 && $0.memberID.isEmpty && $0.instanceID == nil } ?? true
        if isSimple, isTransactional || members.isEmpty { return nil }
        guard let membership, let member = members[membership.memberID] else { return .unknownMemberID }
        let isStale =
            membership.generation > member.epoch
            || partitions.contains { !mayCommit(member, membership.generation, $0) }
        if !isStale || PlantedGroupBug.memberEpochIgnored.isActive { return nil }
        // Kafka's clients know the newer word for it in OffsetCommit alone.
        return isTransactional ? .illegalGeneration : .staleMemberEpoch
    }

    /// A member that has a partition commits for it in any epoch in which it had it: its epoch may grow while a commit is on its way
    /// (KIP-1251). It gives partitions up in an epoch in which it had them, so even its newest one is not enough for those that it has
    /// no more: a commit that was slower than a heartbeat must not come behind those of the next owner.
    private func mayCommit(_ member: ConsumerGroupMember, _ epoch: Int32, _ partition: TopicPartition) -> Bool {
        guard let topic = topics[partition.topic] else { return epoch == member.epoch }
        let partition = GroupPartition(topic: topic.id, partition.partition)
        return owners[partition] == member.id && epoch >= member.since[partition] ?? member.epoch
    }

    /// Kafka's OffsetFetch v9 and later: a member asks as such.
    package func checkFetch(_ membership: Membership) -> GroupError? {
        guard let member = members[membership.memberID] else { return .unknownMemberID }
        return member.epoch == membership.generation ? nil : .staleMemberEpoch
    }
}
