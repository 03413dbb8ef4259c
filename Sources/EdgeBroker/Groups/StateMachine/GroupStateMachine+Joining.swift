extension GroupStateMachine {
    /// A member joins, or joins again.
    ///
    /// - Parameters:
    ///   - newMemberID: a new id, unique for ever, which is used if the member has none.
    ///   - token: stands for this request in the answer, which may come at once or with a later event.
    package mutating func join(
        _ request: JoinRequest, newMemberID: String, token: GroupToken, now: Duration
    ) -> [GroupAction] {
        var actions: [GroupAction] = []
        if let error = refusal(of: request) {
            actions.append(.answerJoin(token, .failure(error)))
        } else if !request.memberID.isEmpty {
            rejoin(request, token, now, &actions)
        } else if let instanceID = request.instanceID {
            if let former = instances[instanceID] {
                replace(former, by: newMemberID, request, token, now, &actions)
            } else {
                add(newMemberID, request, token, now, &actions)
            }
        } else if request.requiresKnownMemberID {
            // An answer may be lost; a member that asked again would be there twice. So first the id alone.
            pendingMembers[newMemberID] = now + request.sessionTimeout
            note(now + request.sessionTimeout)
            actions.append(.answerJoin(token, .failure(.memberIDRequired(newMemberID))))
        } else {
            add(newMemberID, request, token, now, &actions)
        }
        return actions
    }

    private func refusal(of request: JoinRequest) -> GroupError? {
        if !settings.sessionTimeouts.contains(request.sessionTimeout) { return .invalidSessionTimeout }
        if !hasRoom(for: request) { return .groupMaxSizeReached }
        return supports(request) ? nil : .inconsistentGroupProtocol
    }

    private func hasRoom(for request: JoinRequest) -> Bool {
        let known = members[request.memberID]
        let others = members.values.reduce(0) { $0 + $1.byteCount } - (known?.byteCount ?? 0)
        if others + request.byteCount > GroupSettings.mostBytes { return false }
        if known != nil {
            // Whoever comes last has to stay outside if the limit was lowered.
            return state != .preparingRebalance || known?.joining != nil
                || members.values.count(where: { $0.joining != nil }) < settings.mostMembers
        }
        return pendingMembers[request.memberID] != nil || members.count + pendingMembers.count < settings.mostMembers
    }

    /// All members must have a protocol in common.
    private func supports(_ request: JoinRequest) -> Bool {
        if request.protocolType.isEmpty || request.protocols.isEmpty { return false }
        if members.isEmpty { return true }
        return request.protocolType == protocolType
            && request.protocols.contains { offered in members.values.allSatisfy { $0.supports(offered.name) } }
    }

    private mutating func add(
        _ id: String, _ request: JoinRequest, _ token: GroupToken, _ now: Duration, _ actions: inout [GroupAction]
    ) {
        if members.isEmpty { protocolType = request.protocolType }
        if leader == nil { leader = id }
        lastNumber += 1
        var member = GroupMember(
            id: id, instanceID: request.instanceID, clientID: request.clientID, clientHost: request.clientHost,
            number: lastNumber, sessionTimeout: request.sessionTimeout,
            rebalanceTimeout: request.patience, protocols: request.protocols)
        member.isNew = true
        member.joining = token
        // It does not know its id yet and sends no heartbeats. If it has gone it must not be waited for for ever.
        member.deadline = now + GroupSettings.newMemberPatience
        note(now + GroupSettings.newMemberPatience)
        members[id] = member
        pendingMembers[id] = nil
        if let instanceID = request.instanceID { instances[instanceID] = id }
        firstRebalance?.hasNewMember = true
        rebalanceOrComplete(now, &actions)
    }

    private mutating func rejoin(
        _ request: JoinRequest, _ token: GroupToken, _ now: Duration, _ actions: inout [GroupAction]
    ) {
        let id = request.memberID
        if pendingMembers[id] != nil, request.instanceID == nil {
            return add(id, request, token, now, &actions)
        }
        if let error = check(id, request.instanceID) { return actions.append(.answerJoin(token, .failure(error))) }
        guard let member = members[id] else { return }
        let isUnchanged = member.protocols == request.protocols
        // Its former answer was lost, or, for a follower, it asks which assignment it has.
        let isAnswered = state == .completingRebalance || state == .stable && leader != id
        if isAnswered, isUnchanged {
            touch(id, now)
            return actions.append(.answerJoin(token, .success(answer(to: id))))
        }
        update(id, request, token, now, &actions)
        rebalanceOrComplete(now, &actions)
    }

    /// What it says of itself now counts, and this join waits for the answer.
    private mutating func update(
        _ id: String, _ request: JoinRequest, _ token: GroupToken, _ now: Duration, _ actions: inout [GroupAction]
    ) {
        // An earlier join of the same member, whose connection has gone.
        if let former = members[id]?.joining { actions.append(.answerJoin(former, .failure(.rebalanceInProgress))) }
        members[id]?.protocols = request.protocols
        members[id]?.sessionTimeout = request.sessionTimeout
        members[id]?.rebalanceTimeout = request.patience
        members[id]?.joining = token
        touch(id, now)
    }

    /// A static member comes back: it has its old place under a new id, and whoever still uses the old one is fenced.
    private mutating func replace(
        _ former: String, by id: String, _ request: JoinRequest, _ token: GroupToken, _ now: Duration,
        _ actions: inout [GroupAction]
    ) {
        guard let old = members.removeValue(forKey: former), let instanceID = request.instanceID else {
            return actions.append(.answerJoin(token, .failure(.unknownMemberID)))
        }
        if let joining = old.joining { actions.append(.answerJoin(joining, .failure(.fencedInstanceID))) }
        if let syncing = old.syncing { actions.append(.answerSync(syncing, .failure(.fencedInstanceID))) }
        let previousLeader = leader
        if leader == former { leader = id }
        if pendingSync.remove(former) != nil { pendingSync.insert(id) }
        instances[instanceID] = id
        members[id] = GroupMember(
            id: id, instanceID: instanceID, clientID: request.clientID, clientHost: request.clientHost,
            number: old.number, sessionTimeout: old.sessionTimeout, rebalanceTimeout: old.rebalanceTimeout,
            protocols: old.protocols, assignment: old.assignment)
        update(id, request, token, now, &actions)
        guard state == .stable, voted == protocolName, !hadToGiveUp(old) else {
            return rebalanceOrComplete(now, &actions)
        }
        // Nothing changes for the others. The log must know the new id before anybody acts under it.
        replacements[token] = Replacement(
            memberID: id, previousLeader: previousLeader, supportsSkipping: request.supportsSkippingAssignment)
        actions.append(.persist(metadata(members.mapValues(\.assignment)), .replacement(token)))
        if PlantedGroupBug.replacementNotWritten.isActive {
            actions += wrote(.replacement(token), nil, now: now)
        }
    }

    /// Whether the member had partitions that it was not given again. It would have given them up and joined anew, so that somebody else
    /// gets them; its successor knows nothing of it, and without a rebalance nobody would read them.
    private func hadToGiveUp(_ old: GroupMember) -> Bool {
        guard consumes, let subscription = ConsumerSubscription(decoding: old.metadata(for: protocolName)),
            let assignment = ConsumerAssignment(decoding: old.assignment)
        else { return false }
        return !CooperativeAssignment.revoked(subscription.ownedPartitions, assignment.partitions).isEmpty
    }

    /// What a member is told of the generation that is.
    func answer(to id: String) -> JoinAnswer {
        JoinAnswer(
            generation: generation, protocolType: protocolType ?? "", protocolName: protocolName ?? "",
            leader: leader ?? "", memberID: id, skipsAssignment: false,
            members: leader == id
                ? roster.map {
                    JoinAnswer.Member(
                        memberID: $0.id, instanceID: $0.instanceID, metadata: $0.metadata(for: protocolName))
                } : [])
    }
}

extension JoinRequest {
    /// The rebalance timeout as the group's record can hold it.
    fileprivate var patience: Duration {
        min(rebalanceTimeout < .zero ? sessionTimeout : rebalanceTimeout, .milliseconds(Int32.max))
    }
}
