extension ConsumerGroupStateMachine {
    /// Brings a member one step nearer to what it is to have.
    ///
    /// - Parameter owned: what it says that it has; `nil`: as before.
    /// - Returns: whether it is to have something else from now on.
    mutating func reconcile(_ id: String, _ owned: Set<GroupPartition>?, _ now: Duration) -> Bool {
        guard var member = members[id] else { return false }
        let before = member.current
        if member.state == .unrevoked {
            if let owned, owned.isDisjoint(with: member.revoking) || PlantedGroupBug.revocationNotAwaited.isActive {
                free(member.revoking, of: &member)
                member.revoking = []
                member.revocationDeadline = nil
                advance(&member, owned, now)
            }
        } else if member.state == .unreleased || member.epoch != targetEpoch {
            advance(&member, owned, now)
        }
        members[id] = member
        if member.current != before { writing.mark(.current(id)) }
        return member.assigned != before.assigned
    }

    /// First it gives up what it is not to have any more. Only then it comes to the target's epoch, with what is free of the rest.
    private mutating func advance(_ member: inout ConsumerGroupMember, _ owned: Set<GroupPartition>?, _ now: Duration) {
        let target = targets[member.id] ?? []
        let surplus = member.assigned.subtracting(target)
        member.assigned.formIntersection(target)
        // It may have given it up already, or never have heard that it had it. Who does not say may still have it.
        if !surplus.isEmpty, owned.map({ !$0.isDisjoint(with: surplus) }) ?? true {
            member.revoking = surplus
            member.state = .unrevoked
            member.revocationDeadline = now + member.rebalanceTimeout
            note(now + member.rebalanceTimeout)
            return
        }
        free(surplus, of: &member)
        for partition in target.subtracting(member.assigned) {
            if owners[partition] != nil, !PlantedGroupBug.partitionGivenTwice.isActive { continue }
            owners[partition] = member.id
            member.assigned.insert(partition)
            member.since[partition] = targetEpoch
        }
        member.state = member.assigned.count == target.count ? .stable : .unreleased
        if member.epoch == targetEpoch { return }
        if !member.mustHear { member.previousEpoch = member.epoch }
        member.epoch = targetEpoch
    }

    private mutating func free(_ partitions: Set<GroupPartition>, of member: inout ConsumerGroupMember) {
        release(partitions, of: member.id)
        for partition in partitions { member.since[partition] = nil }
    }
}
