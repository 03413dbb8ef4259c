extension GroupStateMachine {
    /// A sign of life.
    /// - Returns: what the member is to be told; `nil`: all is well.
    package mutating func heartbeat(_ membership: Membership, now: Duration) -> GroupError? {
        if let error = check(membership.memberID, membership.instanceID) { return error }
        if membership.generation != generation { return .illegalGeneration }
        if state == .empty { return .unknownMemberID }
        touch(membership.memberID, now)
        return state == .preparingRebalance ? .rebalanceInProgress : nil
    }

    /// Whether offsets may be committed: by a member of this generation, or past the group if nobody is in it.
    ///
    /// - Parameter isTransactional: the transaction's end decides, so the state of the group does not matter; Kafka does the same.
    package mutating func checkCommit(
        _ membership: Membership?, isTransactional: Bool = false, now: Duration
    ) -> GroupError? {
        let isSimple = membership.map { $0.generation < 0 && $0.memberID.isEmpty && $0.instanceID == nil } ?? true
        if let membership, !isSimple, membership.generation >= 0 || state != .empty {
            if let error = check(membership.memberID, membership.instanceID) { return error }
            if membership.generation != generation, !PlantedGroupBug.generationIgnored.isActive {
                return .illegalGeneration
            }
            // While members join again they finish what they have in hand, and commit it.
            if state == .stable || state == .preparingRebalance { touch(membership.memberID, now) }
        } else if state != .empty, !isTransactional {
            return .unknownMemberID
        }
        return !isTransactional && state == .completingRebalance ? .rebalanceInProgress : nil
    }

    /// Members leave.
    /// - Returns: what each of them is to be told, and what else is to be done.
    package mutating func leave(
        _ leaving: [LeavingMember], now: Duration
    ) -> (errors: [GroupError?], actions: [GroupAction]) {
        var actions: [GroupAction] = []
        var hasLost = false
        let errors = leaving.map { one -> GroupError? in
            if one.memberID.isEmpty {
                guard let instanceID = one.instanceID, let id = instances[instanceID] else { return .unknownMemberID }
                remove(id, &actions)
            } else if pendingMembers.removeValue(forKey: one.memberID) != nil {
                return nil
            } else {
                if let error = check(one.memberID, one.instanceID) { return error }
                remove(one.memberID, &actions)
            }
            hasLost = true
            return nil
        }
        if state == .preparingRebalance {
            completeIfAllJoined(now, &actions)
        } else if hasLost {
            rebalance(now, &actions)
        }
        return (errors, actions)
    }

    // MARK: For administrators

    /// Puts out all members, and those about to join.
    package mutating func evict(now: Duration) -> [GroupAction] {
        var actions: [GroupAction] = []
        pendingMembers = [:]
        for member in roster { remove(member.id, &actions) }
        if state != .empty { completeJoin(now, &actions) }
        return actions
    }

    package var description: GroupDescription {
        var description = GroupDescription(group: group, state: publicState, generation: generation)
        description.protocolType = protocolType ?? ""
        let isStable = state == .stable
        if isStable { description.protocolName = protocolName ?? "" }
        description.members = roster.map { member in
            GroupDescription.Member(
                memberID: member.id, instanceID: member.instanceID, clientID: member.clientID,
                clientHost: member.clientHost, metadata: isStable ? member.metadata(for: protocolName) : [],
                assignment: isStable ? member.assignment : [])
        }
        return description
    }

    package var listing: GroupListing {
        GroupListing(group: group, protocolType: protocolType ?? "", state: publicState)
    }

    private var publicState: GroupState {
        switch state {
        case .empty: .empty
        case .preparingRebalance: .preparingRebalance
        case .completingRebalance: .completingRebalance
        case .stable: .stable
        }
    }

    /// Its members are Kafka's consumers, or speak as they do.
    var consumes: Bool { protocolType == ConsumerSubscription.protocolType }

    /// The topics that a member is subscribed to, if the group consumes and all of its members say so in Kafka's form; `nil`:
    /// nobody can tell.
    var subscribedTopics: Set<String>? {
        if members.isEmpty { return [] }
        guard consumes else { return nil }
        var topics: Set<String> = []
        for member in members.values {
            let metadata = member.protocols.first { $0.name == protocolName } ?? member.protocols.first
            guard let metadata, let subscription = ConsumerSubscription(decoding: metadata.metadata) else { return nil }
            topics.formUnion(subscription.topics)
        }
        return topics
    }
}
