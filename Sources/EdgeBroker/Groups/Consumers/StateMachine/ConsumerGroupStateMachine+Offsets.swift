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
            membership.generation != member.epoch || isElsewhere(partitions, than: member.id)
        if !isStale || PlantedGroupBug.memberEpochIgnored.isActive { return nil }
        // Kafka's clients know the newer word for it in OffsetCommit alone.
        return isTransactional ? .illegalGeneration : .staleMemberEpoch
    }

    /// A member gives partitions up in the same epoch in which it had them. A commit that was slower than its heartbeat must not come
    /// behind those of the next owner.
    private func isElsewhere(_ partitions: some Sequence<TopicPartition>, than id: String) -> Bool {
        partitions.contains { partition in
            guard let topic = topics[partition.topic] else { return false }
            let owner = owners[GroupPartition(topic: topic.id, partition.partition)]
            return owner != nil && owner != id
        }
    }

    /// Kafka's OffsetFetch v9 and later: a member asks as such.
    package func checkFetch(_ membership: Membership) -> GroupError? {
        guard let member = members[membership.memberID] else { return .unknownMemberID }
        return member.epoch == membership.generation ? nil : .staleMemberEpoch
    }
}
