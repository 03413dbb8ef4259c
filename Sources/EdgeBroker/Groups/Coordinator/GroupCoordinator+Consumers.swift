import LogStore
import RecordFormat

/// Groups in the consumer protocol. A name stands for a group of one protocol: a classic group without members becomes one of these with
/// the first member that asks, and the other way round.
extension GroupCoordinator {
    /// Kafka's ConsumerGroupHeartbeat. The answer comes at once, or once what it rests on is synced.
    package func heartbeat(
        _ request: ConsumerHeartbeat,
        _ answer: @escaping @Sendable (Result<ConsumerHeartbeatAnswer, GroupError>) -> Void
    ) {
        if let error = Self.check(request.group) ?? request.refusal { return answer(.failure(error)) }
        let image = topics()
        run { state, afterwards in
            if let error = open(request, &state, &afterwards) {
                return afterwards.calls.append { answer(.failure(error)) }
            }
            // Of two requests the one with the older topics may come second, and would undo what the other has seen.
            if image.version >= state.topics.version { state.topics = image }
            let image = state.topics
            let token = state.nextToken()
            state.heartbeats[token] = answer
            act(onConsumers: request.group, &state, &afterwards) { machine, now in
                ((), machine.heartbeat(request, image, token: token, now: now))
            }
        }
    }

    /// Kafka's ConsumerGroupDescribe; `nil` if there is no such group in the consumer protocol.
    package func describeConsumers(_ group: String) -> ConsumerGroupDescription? {
        let image = topics()
        return run { state, afterwards in
            if state.consumerGroups[group] == nil { return nil }
            return act(onConsumers: group, &state, &afterwards) { machine, _ in (machine.description(image), []) }
        }
    }

    /// Why a member may not fetch its group's offsets; `nil`: it may. Whoever names no member always may.
    package func refusal(ofFetchBy membership: Membership, from group: String) -> GroupError? {
        if membership.memberID.isEmpty, membership.generation < 0 { return nil }
        return run { state, afterwards in
            if state.consumerGroups[group] == nil { return nil }
            return act(onConsumers: group, &state, &afterwards) { machine, _ in (machine.checkFetch(membership), []) }
        }
    }

    // MARK: Which protocol

    /// Makes the group if a member joins that there is not.
    private func open(_ request: ConsumerHeartbeat, _ state: inout State, _ afterwards: inout Afterwards) -> GroupError?
    {
        let group = request.group
        if state.isClosed { return .coordinatorNotAvailable }
        if state.consumerGroups[group] != nil { return nil }
        if request.epoch != ConsumerHeartbeat.joins { return .groupIDNotFound }
        if state.groups[group] == nil {
            state.consumerGroups[group] = ConsumerGroupStateMachine(group: group, settings: settings)
            return nil
        }
        let isEmpty = act(on: group, &state, &afterwards) { machine, _ in (machine.isVacant, []) }
        guard isEmpty else { return .groupIDNotFound }
        state.groups[group] = nil
        state.consumerGroups[group] = .converted(group: group, settings: settings)
        return nil
    }

    /// Makes way for a classic group of this name, if the group has no members.
    /// - Returns: why not.
    func makeWay(for group: String, _ state: inout State, _ afterwards: inout Afterwards) -> GroupError? {
        guard state.consumerGroups[group] != nil else { return nil }
        guard let tombstones = self.tombstones(ofConsumers: group, &state, &afterwards) else {
            return .inconsistentGroupProtocol
        }
        // It may have come to nothing just now.
        guard state.consumerGroups[group] != nil else { return nil }
        // If the disk fails, the next start goes by whichever record came last, as after an older one that it lost.
        return end(group, tombstones, &state) { _ in }
    }

    /// What takes a group of the consumer protocol out of the log; `nil` if it has members.
    func tombstones(
        ofConsumers group: String, _ state: inout State, _ afterwards: inout Afterwards
    ) -> [GroupRecord]? {
        act(onConsumers: group, &state, &afterwards) { machine, _ in
            (machine.isEmpty ? machine.tombstones : nil, [])
        }
    }

    /// Appends what ends a group, and forgets it if it is one of the consumer protocol. A member that left it just before is answered
    /// with the group's end, for nobody hears of the writes before that any more.
    ///
    /// - Returns: why the log does not take the records; then nothing is changed, and `completion` is not called.
    func end(
        _ group: String, _ records: [GroupRecord], _ state: inout State,
        completion: @escaping @Sendable (Result<Offset, BrokerError>) -> Void
    ) -> GroupError? {
        let farewells = state.consumerGroups[group]?.farewells ?? []
        do throws(BrokerError) {
            try journal.append(records, producer: nil) { result in
                completion(result)
                self.run { state, afterwards in
                    for (token, answer) in farewells {
                        guard let call = state.heartbeats.removeValue(forKey: token) else { continue }
                        let answer = result.map { _ in answer }.mapError { GroupError.notStored($0) }
                        afterwards.calls.append { call(answer) }
                    }
                }
            }
        } catch {
            return .notStored(error)
        }
        state.consumerGroups[group] = nil
        state.consumerWrites = state.consumerWrites.filter { $0.value.group != group }
        return nil
    }

    // MARK: The shell around the machines

    /// Hands an event to a group that there is, after what time has brought it.
    func act<Result>(
        onConsumers group: String, _ state: inout State, _ afterwards: inout Afterwards,
        _ body: (inout ConsumerGroupStateMachine, Duration) -> (Result, [ConsumerGroupAction])
    ) -> Result {
        let now = clock.monotonic()
        perform(state.consumerGroups[group]?.expire(now: now) ?? [], group, &state, &afterwards)
        let (result, actions) = body(
            &state.consumerGroups[group, default: ConsumerGroupStateMachine(group: group, settings: settings)], now)
        perform(actions, group, &state, &afterwards)
        settleConsumers(group, &state, &afterwards)
        return result
    }

    /// Forgets a group that came to nothing, and looks at its first deadline.
    func settleConsumers(_ group: String, _ state: inout State, _ afterwards: inout Afterwards) {
        if state.consumerGroups[group]?.isForgettable == true { state.consumerGroups[group] = nil }
        guard let wakeUp = state.consumerGroups[group]?.wakeUp else { return }
        afterwards.wakeUp = min(afterwards.wakeUp ?? wakeUp, wakeUp)
    }

    func perform(
        _ actions: [ConsumerGroupAction], _ group: String, _ state: inout State, _ afterwards: inout Afterwards
    ) {
        var actions = actions[...]
        while let action = actions.popFirst() {
            switch action {
            case .answer(let token, let result):
                guard let answer = state.heartbeats.removeValue(forKey: token) else { continue }
                afterwards.calls.append { answer(result) }
            case .persist(let number, let records):
                let token = state.nextToken()
                do throws(BrokerError) {
                    try journal.append(records, producer: nil) { result in self.wrote(token, result) }
                    state.consumerWrites[token] = ConsumerWrite(group: group, number: number)
                } catch {
                    actions += state.consumerGroups[group]?.wrote(number, .notStored(error)) ?? []
                }
            }
        }
    }

    private func wrote(_ token: GroupToken, _ result: Result<Offset, BrokerError>) {
        var refusal: GroupError?
        if case .failure(let error) = result { refusal = .notStored(error) }
        run { state, afterwards in
            // The group may have come to its end meanwhile.
            guard let write = state.consumerWrites.removeValue(forKey: token) else { return }
            act(onConsumers: write.group, &state, &afterwards) { machine, _ in
                ((), machine.wrote(write.number, refusal))
            }
        }
    }
}
