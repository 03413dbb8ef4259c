extension GroupStateMachine {
    /// Does what time has brought: sessions that are over, members that did not come, rebalances that have waited long enough.
    package mutating func expire(now: Duration) -> [GroupAction] {
        guard let wakeUp, wakeUp <= now else { return [] }
        var actions: [GroupAction] = []
        expirePending(now, &actions)
        for id in roster.map(\.id) {
            // A removal may have given the next ones a new session.
            guard let member = members[id], let deadline = member.deadline, deadline <= now else { continue }
            if member.isExcused || PlantedGroupBug.sessionsForgotten.isActive {
                members[id]?.deadline = nil
            } else {
                expire(id, now, &actions)
            }
        }
        if let deadline = joinDeadline, deadline <= now { joinTimeIsUp(now, &actions) }
        if let deadline = syncDeadline, deadline <= now { syncTimeIsUp(now, &actions) }
        self.wakeUp = firstDeadline
        return actions
    }

    private var firstDeadline: Duration? {
        var first = [joinDeadline, syncDeadline, pendingMembers.values.min()].compactMap { $0 }.min()
        for member in members.values {
            if let deadline = member.deadline { first = min(first ?? deadline, deadline) }
        }
        return first
    }

    private mutating func expirePending(_ now: Duration, _ actions: inout [GroupAction]) {
        let late = pendingMembers.filter { $0.value <= now }
        if late.isEmpty { return }
        for id in late.keys { pendingMembers[id] = nil }
        if state == .preparingRebalance, haveAllJoined { completeJoin(now, &actions) }
    }

    private mutating func expire(_ id: String, _ now: Duration, _ actions: inout [GroupAction]) {
        remove(id, &actions)
        switch state {
        case .stable, .completingRebalance: rebalance(now, &actions)
        case .preparingRebalance: if haveAllJoined { completeJoin(now, &actions) }
        case .empty: break
        }
    }

    private mutating func joinTimeIsUp(_ now: Duration, _ actions: inout [GroupAction]) {
        if var first = firstRebalance, first.hasNewMember, first.remaining > .zero {
            // Members are still coming.
            let delay = min(settings.firstRebalanceDelay, first.remaining)
            first.remaining -= delay
            first.hasNewMember = false
            firstRebalance = first
            setJoinDeadline(now + delay)
        } else {
            completeJoin(now, &actions)
        }
    }

    /// Who joined and never asked for its assignment has gone; somebody else must have its part.
    private mutating func syncTimeIsUp(_ now: Duration, _ actions: inout [GroupAction]) {
        syncDeadline = nil
        let late = roster.map(\.id).filter(pendingSync.contains)
        if late.isEmpty { return }
        for id in late { remove(id, &actions) }
        rebalance(now, &actions)
    }
}
