extension GroupCoordinator {
    /// Kafka's JoinGroup. The answer comes when all members have joined, or the rebalance has waited long enough.
    package func join(
        _ request: JoinRequest, _ answer: @escaping @Sendable (Result<JoinAnswer, GroupError>) -> Void
    ) {
        if let error = Self.check(request) { return answer(.failure(error)) }
        let newMemberID = (request.instanceID ?? request.clientID) + "-" + uuid()
        run { state, afterwards in
            if state.isClosed { return afterwards.calls.append { answer(.failure(.coordinatorNotAvailable)) } }
            if let error = makeWay(for: request.group, &state, &afterwards) {
                return afterwards.calls.append { answer(.failure(error)) }
            }
            let token = state.nextToken()
            state.joins[token] = answer
            act(on: request.group, &state, &afterwards) { machine, now in
                ((), machine.join(request, newMemberID: newMemberID, token: token, now: now))
            }
        }
    }

    /// Kafka's SyncGroup. The answer comes once the leader's decision is synced.
    package func sync(
        _ request: SyncRequest, _ answer: @escaping @Sendable (Result<SyncAnswer, GroupError>) -> Void
    ) {
        if let error = Self.check(request.group) { return answer(.failure(error)) }
        run { state, afterwards in
            if let error = Self.refusal(request.group, state) {
                return afterwards.calls.append { answer(.failure(error)) }
            }
            let token = state.nextToken()
            state.syncs[token] = answer
            act(on: request.group, &state, &afterwards) { machine, now in
                ((), machine.sync(request, token: token, now: now))
            }
        }
    }

    /// Kafka's Heartbeat.
    /// - Returns: what the member is to be told; `nil`: all is well.
    package func heartbeat(_ group: String, _ membership: Membership) -> GroupError? {
        if let error = Self.check(group) { return error }
        return run { state, afterwards in
            if let error = Self.refusal(group, state) { return error }
            return act(on: group, &state, &afterwards) { machine, now in
                (machine.heartbeat(membership, now: now), [])
            }
        }
    }

    /// Kafka's LeaveGroup.
    /// - Returns: for each member, what it is to be told.
    package func leave(_ group: String, _ members: [LeavingMember]) -> Result<[GroupError?], GroupError> {
        if let error = Self.check(group) { return .failure(error) }
        return run { state, afterwards in
            if state.isClosed { return .failure(.coordinatorNotAvailable) }
            if state.groups[group] == nil { return .success(members.map { _ in .unknownMemberID }) }
            return .success(
                act(on: group, &state, &afterwards) { machine, now in
                    let (errors, actions) = machine.leave(members, now: now)
                    return (errors, actions)
                })
        }
    }

    // MARK: Checks

    /// A member of no group is unknown.
    private static func refusal(_ group: String, _ state: State) -> GroupError? {
        if state.isClosed { return .coordinatorNotAvailable }
        return state.groups[group] == nil ? .unknownMemberID : nil
    }

    /// 1…249 bytes without control characters.
    static func check(_ group: String) -> GroupError? {
        let isPrintable = group.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        return !group.isEmpty && group.utf8.count <= 249 && isPrintable ? nil : .invalidGroupID
    }

    /// What is taken must fit into the group's record.
    private static func check(_ request: JoinRequest) -> GroupError? {
        if let error = check(request.group) { return error }
        let texts =
            [request.memberID, request.instanceID ?? "", request.clientID, request.clientHost, request.protocolType]
            + request.protocols.map(\.name)
        return texts.allSatisfy { $0.utf8.count <= GroupSettings.longestText } ? nil : .invalidRequest
    }

    /// An id for a member of the consumer protocol that does not choose one itself, as before version 1.
    package func newMemberID() -> String { uuid() }

    /// Random, of version 4, as Kafka's member ids end.
    private func uuid() -> String {
        let (high, low) = (random() & ~0xF000 | 0x4000, random() & ~(3 << 62) | 1 << 63)
        func hex(_ value: UInt64, _ digits: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: digits - text.count) + text
        }
        return [
            hex(high >> 32, 8), hex(high >> 16 & 0xFFFF, 4), hex(high & 0xFFFF, 4), hex(low >> 48, 4),
            hex(low & 0xFFFF_FFFF_FFFF, 12),
        ].joined(separator: "-")
    }
}
