extension ConsumerGroupStateMachine {
    /// Puts out members whose sessions are over, and those that did not give up in time what others wait for.
    package mutating func expire(now: Duration) -> [ConsumerGroupAction] {
        guard let wakeUp, wakeUp <= now else { return [] }
        for member in roster {
            let isSilent = member.deadline.map { $0 <= now } ?? false
            let isSlow = member.revocationDeadline.map { $0 <= now } ?? false
            if (isSilent || isSlow), !PlantedGroupBug.consumersNeverExpire.isActive { remove(member.id) }
        }
        var first: Duration?
        for member in members.values {
            for deadline in [member.deadline, member.revocationDeadline] {
                if let deadline { first = min(first ?? deadline, deadline) }
            }
        }
        self.wakeUp = PlantedGroupBug.consumersNeverExpire.isActive ? nil : first
        return flush()
    }
}
