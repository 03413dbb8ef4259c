extension ConsumerGroupStateMachine {
    /// A member joins, lives, or leaves.
    ///
    /// - Parameters:
    ///   - request: has been found to make sense (``ConsumerHeartbeat/refusal``).
    ///   - image: the topics that there are now.
    ///   - token: stands for this request in the answer, which may come at once or with a later event.
    package mutating func heartbeat(
        _ request: ConsumerHeartbeat, _ image: TopicImage, token: GroupToken, now: Duration
    ) -> [ConsumerGroupAction] {
        do throws(GroupError) {
            if request.epoch == ConsumerHeartbeat.leaves || request.epoch == ConsumerHeartbeat.pauses {
                return try leave(request, token)
            }
            try admit(request)
            // Whoever comes with an older epoch has not had the last answer.
            let isBehind = request.epoch != members[request.memberID]?.epoch
            update(request)
            lookAtTopics(image)
            divideIfDue()
            let isChanged = reconcile(request.memberID, request.owned, now)
            touch(request.memberID, now)
            return flush(token, answer(to: request, mustHear: isChanged || isBehind))
        } catch {
            return flush() + [.answer(token, .failure(error))]
        }
    }

    private mutating func answer(to request: ConsumerHeartbeat, mustHear: Bool) -> ConsumerHeartbeatAnswer {
        let id = request.memberID
        guard let member = members[id] else { preconditionFailure("Member \(id) answered and not there") }
        // Whoever says that it has something else has missed an answer, and may not know that.
        let isAstray = request.owned.map { $0 != member.assigned } ?? false
        let mustHear = mustHear || isAstray || member.mustHear || request.isFull
        members[id]?.mustHear = false
        return ConsumerHeartbeatAnswer(
            memberID: id, epoch: member.epoch,
            interval: member.state == .stable
                ? settings.heartbeatInterval : min(settings.heartbeatInterval, GroupSettings.waitingHeartbeatInterval),
            assignment: mustHear ? member.assigned : nil)
    }

    // MARK: Who it is

    /// Finds the member, or takes it in.
    private mutating func admit(_ request: ConsumerHeartbeat) throws(GroupError) {
        let id = request.memberID
        if request.epoch == ConsumerHeartbeat.joins {
            if let instanceID = request.instanceID, let former = instances[instanceID], former != id {
                // Whoever had the instance id before must have said that it goes, or be silent for a whole session.
                guard members[former]?.isAway == true else { throw .unreleasedInstanceID }
                // It is in the group already, as somebody else.
                if members[id] != nil { throw .invalidRequest }
                return replace(former, by: id)
            }
            if members[id] != nil {
                // It begins anew, having nothing, and keeps its place. What it commits late from before is fenced.
                members[id]?.since = [:]
                if members[id]?.isAway == true { members[id]?.epoch = ConsumerHeartbeat.joins }
                return
            }
            if !hasRoom(for: request) { throw .groupMaxSizeReached }
            return add(request)
        }
        try check(id, request.instanceID)
        guard let member = members[id], request.epoch != member.epoch else { return }
        let ownsPart = request.owned.map { $0.isSubset(of: member.assigned) } ?? false
        // The answer with its newest epoch may have been lost.
        if request.epoch != member.previousEpoch || request.epoch > member.epoch || !ownsPart {
            throw .fencedMemberEpoch
        }
    }

    /// - Throws: why somebody who calls himself that is not the member.
    private func check(_ id: String, _ instanceID: String?) throws(GroupError) {
        if let instanceID {
            guard let known = instances[instanceID] else { throw .unknownMemberID }
            if known != id { throw .fencedInstanceID }
        }
        if members[id] == nil { throw .unknownMemberID }
    }

    private func hasRoom(for request: ConsumerHeartbeat) -> Bool {
        members.count < settings.mostMembers
            && members.values.reduce(request.byteCount) { $0 + $1.byteCount } <= GroupSettings.mostBytes
    }

    private mutating func add(_ request: ConsumerHeartbeat) {
        lastNumber += 1
        members[request.memberID] = ConsumerGroupMember(
            id: request.memberID, number: lastNumber, instanceID: request.instanceID, rackID: request.rackID,
            clientID: request.clientID, clientHost: request.clientHost, topics: [], rebalanceTimeout: .zero)
        if let instanceID = request.instanceID { instances[instanceID] = request.memberID }
        seenTopics = nil
        writing.mark(.member(request.memberID))
        bumpEpoch()
    }

    /// A static member comes back as another process and has its former place.
    private mutating func replace(_ former: String, by id: String) {
        guard let old = members.removeValue(forKey: former) else { return }
        var new = ConsumerGroupMember(
            id: id, number: old.number, instanceID: old.instanceID, rackID: old.rackID, clientID: old.clientID,
            clientHost: old.clientHost, topics: old.topics, pattern: old.pattern,
            rebalanceTimeout: old.rebalanceTimeout, assignor: old.assignor)
        new.assigned = old.assigned
        members[id] = new
        for partition in new.assigned { owners[partition] = id }
        targets[id] = targets.removeValue(forKey: former)
        if let instanceID = old.instanceID { instances[instanceID] = id }
        writing.mark(.member(former), .target(former), .current(former))
        writing.mark(.member(id), .target(id), .current(id))
    }

    // MARK: Leaving

    private mutating func leave(_ request: ConsumerHeartbeat, _ token: GroupToken) throws(GroupError)
        -> [ConsumerGroupAction]
    {
        let id = request.memberID
        try check(id, request.instanceID)
        if request.epoch == ConsumerHeartbeat.leaves {
            remove(id)
        } else if let member = members[id] {
            // It gives up all it works on; its part is kept for it until its session is over.
            release(member.revoking, of: id)
            members[id]?.epoch = ConsumerHeartbeat.pauses
            members[id]?.previousEpoch = ConsumerHeartbeat.joins
            members[id]?.state = .stable
            members[id]?.revoking = []
            members[id]?.revocationDeadline = nil
            writing.mark(.current(id))
        }
        return flush(
            token,
            ConsumerHeartbeatAnswer(memberID: id, epoch: request.epoch, interval: settings.heartbeatInterval))
    }
}
