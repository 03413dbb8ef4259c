extension GroupStateMachine {
    /// A member asks for its assignment; the leader brings everybody's.
    package mutating func sync(_ request: SyncRequest, token: GroupToken, now: Duration) -> [GroupAction] {
        let id = request.membership.memberID
        if let error = refusal(of: request) { return [.answerSync(token, .failure(error))] }
        var actions: [GroupAction] = []
        switch state {
        case .empty: actions.append(.answerSync(token, .failure(.unknownMemberID)))
        case .preparingRebalance: actions.append(.answerSync(token, .failure(.rebalanceInProgress)))
        case .stable:
            hasSynced(id, now)
            actions.append(.answerSync(token, .success(syncAnswer(members[id]?.assignment ?? []))))
        case .completingRebalance:
            hasSynced(id, now)
            // An earlier sync of the same member, whose connection has gone.
            if let former = members[id]?.syncing { actions.append(.answerSync(former, .failure(.rebalanceInProgress))) }
            members[id]?.syncing = token
            if leader == id { assign(request.assignments, token, now, &actions) }
        }
        return actions
    }

    private func refusal(of request: SyncRequest) -> GroupError? {
        if let error = check(request.membership.memberID, request.membership.instanceID) { return error }
        if request.membership.generation != generation { return .illegalGeneration }
        if let type = request.protocolType, type != protocolType { return .inconsistentGroupProtocol }
        if let name = request.protocolName, let protocolName, name != protocolName { return .inconsistentGroupProtocol }
        return nil
    }

    private mutating func hasSynced(_ id: String, _ now: Duration) {
        touch(id, now)
        pendingSync.remove(id)
        if pendingSync.isEmpty { syncDeadline = nil }
    }

    /// What the leader decides counts once it is in the log, and only its first word does: a second record of the same generation
    /// would be what the next start believes, whatever members were told.
    private mutating func assign(
        _ assignments: [SyncRequest.Assignment], _ token: GroupToken, _ now: Duration, _ actions: inout [GroupAction]
    ) {
        if assignment != nil, !PlantedGroupBug.leaderHeardTwice.isActive { return }
        var decided: [String: [UInt8]] = [:]
        for one in assignments where members[one.memberID] != nil { decided[one.memberID] = one.bytes }
        let size = decided.values.reduce(0) { $0 + $1.count } + members.values.reduce(0) { $0 + $1.byteCount }
        if size > 2 * GroupSettings.mostBytes {
            dropAssignments(.groupTooLarge, now, &actions)
            return rebalance(now, &actions)
        }
        if assignment == nil { assignment = AssignmentInFlight(token: token, assignments: decided) }
        actions.append(.persist(metadata(decided), .assignment(token)))
        if PlantedGroupBug.answeredBeforeWritten.isActive { hand(out: decided, now, &actions) }
    }

    private func syncAnswer(_ assignment: [UInt8]) -> SyncAnswer {
        SyncAnswer(protocolType: protocolType ?? "", protocolName: protocolName ?? "", assignment: assignment)
    }

    /// A record that ``GroupAction/persist(_:_:)`` asked for is synced, or was not taken.
    package mutating func wrote(_ write: GroupWrite, _ error: GroupError?, now: Duration) -> [GroupAction] {
        var actions: [GroupAction] = []
        switch write {
        case .empty(let generation):
            if generation == self.generation { isEmptinessUnwritten = error != nil }
        case .replacement(let token):
            guard let replacement = replacements.removeValue(forKey: token) else { break }
            finish(replacement, token, error, now, &actions)
        case .assignment(let token):
            guard let decided = assignment, decided.token == token, state == .completingRebalance else { break }
            assignment = nil
            if let error {
                dropAssignments(error, now, &actions)
                rebalance(now, &actions)
            } else {
                hand(out: decided.assignments, now, &actions)
            }
        }
        return actions
    }

    private mutating func hand(
        out assignments: [String: [UInt8]], _ now: Duration, _ actions: inout [GroupAction]
    ) {
        state = .stable
        for member in roster {
            let own = assignments[member.id] ?? []
            members[member.id]?.assignment = own
            guard let token = member.syncing else { continue }
            members[member.id]?.syncing = nil
            touch(member.id, now)
            actions.append(.answerSync(token, .success(syncAnswer(own))))
        }
    }

    /// If a rebalance has begun meanwhile, its end answers the member.
    private mutating func finish(
        _ replacement: Replacement, _ token: GroupToken, _ error: GroupError?, _ now: Duration,
        _ actions: inout [GroupAction]
    ) {
        let id = replacement.memberID
        guard state == .stable, members[id]?.joining == token else { return }
        members[id]?.joining = nil
        touch(id, now)
        if let error { return actions.append(.answerJoin(token, .failure(error))) }
        var answer = answer(to: id)
        if replacement.supportsSkipping {
            answer.skipsAssignment = leader == id
        } else {
            // A leader that cannot be told to leave things as they are must not know that it leads.
            answer.leader = replacement.previousLeader ?? ""
            answer.members = []
        }
        actions.append(.answerJoin(token, .success(answer)))
    }
}
