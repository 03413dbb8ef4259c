extension GroupStateMachine {
    /// Begins a rebalance, or goes on with the one that there is.
    mutating func rebalanceOrComplete(_ now: Duration, _ actions: inout [GroupAction]) {
        if state == .preparingRebalance { completeIfAllJoined(now, &actions) } else { rebalance(now, &actions) }
    }

    mutating func rebalance(_ now: Duration, _ actions: inout [GroupAction]) {
        if state == .completingRebalance { dropAssignments(.rebalanceInProgress, now, &actions) }
        pendingSync = []
        syncDeadline = nil
        let isFirst = state == .empty
        state = .preparingRebalance
        if isFirst, settings.firstRebalanceDelay > .zero {
            firstRebalance = FirstRebalance(
                remaining: max(.zero, rebalanceTimeout - settings.firstRebalanceDelay))
            setJoinDeadline(now + settings.firstRebalanceDelay)
        } else if isFirst || haveAllJoined {
            completeJoin(now, &actions)
        } else {
            setJoinDeadline(now + rebalanceTimeout)
        }
    }

    mutating func completeIfAllJoined(_ now: Duration, _ actions: inout [GroupAction]) {
        if firstRebalance == nil, haveAllJoined { completeJoin(now, &actions) }
    }

    var haveAllJoined: Bool { pendingMembers.isEmpty && members.values.allSatisfy { $0.joining != nil } }

    mutating func setJoinDeadline(_ deadline: Duration) {
        joinDeadline = deadline
        note(deadline)
    }

    /// The next generation begins, with those who are there. Static members that are not keep their place.
    mutating func completeJoin(_ now: Duration, _ actions: inout [GroupAction]) {
        joinDeadline = nil
        firstRebalance = nil
        // After an eviction the former generation's may still be on its way to the disk: it is not for this one.
        assignment = nil
        for member in roster where member.joining == nil && member.instanceID == nil { remove(member.id, &actions) }
        if !members.isEmpty, !hasLeader() {
            // Only absent static members: there is nobody to lead.
            return setJoinDeadline(now + rebalanceTimeout)
        }
        if !PlantedGroupBug.generationKept.isActive || members.isEmpty {
            generation = generation == .max ? 1 : generation + 1
        }
        pendingSync = []
        if members.isEmpty {
            state = .empty
            protocolName = nil
            leader = nil
            isEmptinessUnwritten = false
            actions.append(.persist(metadata([:]), .empty(generation)))
            return
        }
        protocolName = voted
        state = .completingRebalance
        for member in roster {
            if let token = member.joining { actions.append(.answerJoin(token, .success(answer(to: member.id)))) }
            members[member.id]?.joining = nil
            members[member.id]?.isNew = false
            pendingSync.insert(member.id)
            touch(member.id, now)
        }
        syncDeadline = now + rebalanceTimeout
        note(now + rebalanceTimeout)
    }

    /// A leader that has not joined again is replaced by the first member that has.
    /// - Returns: false if none has.
    private mutating func hasLeader() -> Bool {
        if let leader, members[leader]?.joining != nil { return true }
        guard let next = roster.first(where: { $0.joining != nil }) else { return false }
        leader = next.id
        return true
    }

    /// The protocol that most members prefer among those that all have; of several the leader's first.
    var voted: String? {
        let roster = roster
        guard let first = leader.flatMap({ members[$0] }) ?? roster.first else { return nil }
        let candidates = first.protocols.map(\.name).filter { name in roster.allSatisfy { $0.supports(name) } }
        var votes: [String: Int] = [:]
        for member in roster {
            if let name = member.protocols.first(where: { candidates.contains($0.name) })?.name {
                votes[name, default: 0] += 1
            }
        }
        let most = votes.values.max()
        return candidates.first { votes[$0] == most } ?? first.protocols.first?.name
    }

    /// Takes a member out; whatever it waits for is answered.
    mutating func remove(_ id: String, _ actions: inout [GroupAction]) {
        guard let member = members.removeValue(forKey: id) else { return }
        if let token = member.joining { actions.append(.answerJoin(token, .failure(.unknownMemberID))) }
        if let token = member.syncing { actions.append(.answerSync(token, .failure(.unknownMemberID))) }
        if let instanceID = member.instanceID, instances[instanceID] == id { instances[instanceID] = nil }
        if leader == id { leader = roster.first?.id }
        pendingSync.remove(id)
    }

    /// Nobody has anything in this generation; those who wait for it hear why.
    mutating func dropAssignments(_ error: GroupError, _ now: Duration, _ actions: inout [GroupAction]) {
        assignment = nil
        for member in roster {
            members[member.id]?.assignment = []
            guard let token = member.syncing else { continue }
            members[member.id]?.syncing = nil
            touch(member.id, now)
            actions.append(.answerSync(token, .failure(error)))
        }
    }
}
