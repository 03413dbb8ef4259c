import LogStore
import RecordFormat
import Synchronization

/// A member of a consumer group in this process: what Kafka's clients do on their side of the classic protocol.
///
/// It joins when its consumer asks for the next batch, as Kafka's clients do in `poll`; only heartbeats go on by themselves.
final class ConsumerMembership: Sendable {
    private struct State: Sendable {
        var memberID = ""
        var generation: Int32 = -1
        /// What it reads.
        var owned: [TopicPartition] = []
        /// What it was given last, whether it has given it up since or not.
        var assigned: [TopicPartition] = []
        var mustJoin = true
        /// From the question to join until what comes of it counts. What the coordinator says of the member as it was before means nothing
        /// then: acted on, it would have the member join once more, and the others with it, without end.
        var isJoining = false
        /// Another process has taken the instance id. Whoever took it back would be fenced in turn, for ever.
        var isFenced = false
        /// Of the topics when this member, as the leader, divided them; `nil` for the others.
        var dividedCounts: [String: Int32]?
        var lastStep = Duration.zero
        var isBeating = false
        var hasLeft = false
        var onRebalance: (@Sendable () -> Void)?

        /// The membership as it is for the coordinator.
        func membership(_ instanceID: String?) -> Membership {
            Membership(memberID: memberID, generation: generation, instanceID: instanceID)
        }

        /// The broker does not know the member any more, or not in this generation.
        mutating func forget(keepingID: Bool) {
            if !keepingID { memberID = "" }
            generation = -1
            owned = []
            mustJoin = true
        }
    }

    private let broker: Broker
    private let group: String
    private let topics: [String]
    private let configuration: ConsumerConfiguration
    private let state = Mutex(State())

    init(_ broker: Broker, group: String, topics: [String], _ configuration: ConsumerConfiguration) {
        self.broker = broker
        self.group = group
        self.topics = topics.sorted()
        self.configuration = configuration
    }

    /// - Parameter body: called on any thread when the member should join again.
    func onRebalance(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onRebalance = body } }

    /// Whether ``join()`` is to be called; the consumer asks before each batch, which also shows that it works.
    func mustJoin() -> Bool {
        let now = broker.clock.monotonic()
        return state.withLock { state in
            state.lastStep = now
            return state.mustJoin || state.isFenced
        }
    }

    /// What need not be given up before the others join: nothing, unless all assignors let members keep what they have.
    func keptWhileJoining() -> Set<TopicPartition> {
        state.withLock { state in
            if !configuration.isCooperative || state.isFenced { state.owned = [] }
            return Set(state.owned)
        }
    }

    /// Joins, or joins again, and takes part in dividing the partitions.
    ///
    /// - Returns: what this member has from now on; `nil` if the task was cancelled.
    /// - Throws: `.fenced` once another process has this member's instance id, and from then on always.
    func join() async throws(BrokerError) -> [TopicPartition]? {
        defer {
            state.withLock { state in
                // It has come to nothing, and is to be tried again.
                if state.isJoining { state.mustJoin = true }
                state.isJoining = false
            }
        }
        while !Task.isCancelled {
            do throws(GroupError) {
                let joined = try await askToJoin()
                let assignments = try joined.isLeader && !joined.skipsAssignment ? divide(joined) : []
                let assigned = try await sync(joined, assignments)
                return settle(joined, assigned)
            } catch {
                switch error {
                case .memberIDRequired(let id): state.withLock { $0.memberID = id }
                case .unknownMemberID: state.withLock { $0.forget(keepingID: false) }
                case .illegalGeneration, .rebalanceInProgress: continue
                default:
                    if error == .fencedInstanceID { state.withLock { $0.isFenced = true } }
                    throw BrokerError(error, group: group)
                }
            }
        }
        return nil
    }

    /// Commits as this member in its generation.
    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(BrokerError) {
        let membership = membership
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, GroupError>, Never>) in
            broker.groups.commit(group, membership, offsets) { continuation.resume(returning: $0) }
        }
        if case .failure(let error) = result {
            note(error, of: membership)
            throw BrokerError(error, group: group)
        }
    }

    func committed(_ partition: TopicPartition) -> Offset? {
        guard case .success(let committed?)? = broker.groups.fetch(group, [partition])[partition] else { return nil }
        return committed.offset
    }

    /// Leaves the group at once; a static member stays until its session is over, so that it can come back.
    func leave() {
        let memberID = state.withLock { state in
            state.hasLeft = true
            state.onRebalance = nil
            return state.memberID
        }
        if memberID.isEmpty || configuration.instanceID != nil { return }
        // Whatever the answer: who is not known has left already.
        _ = broker.groups.leave(group, [LeavingMember(memberID: memberID)])
    }

    // MARK: Joining

    private var membership: Membership { state.withLock { $0.membership(configuration.instanceID) } }

    private func askToJoin() async throws(GroupError) -> JoinAnswer {
        let known = state.withLock { state in
            state.mustJoin = false
            state.isJoining = true
            return state
        }
        if known.isFenced { throw .fencedInstanceID }
        let request = JoinRequest(
            group: group, memberID: known.memberID, instanceID: configuration.instanceID,
            clientID: configuration.clientID,
            clientHost: "in process", sessionTimeout: configuration.sessionTimeout,
            rebalanceTimeout: configuration.mostTimePerBatch, protocolType: ConsumerSubscription.protocolType,
            protocols: configuration.assignors.map(\.assignor).map {
                GroupProtocol($0.rawValue, $0.subscription(described(known, for: $0)).encoded())
            },
            // So that the member has an id by which it can be taken out, should the task be cancelled.
            requiresKnownMemberID: true)
        return try await answer { broker.groups.join(request, $0) }.get()
    }

    /// As the leader is to see it.
    private func described(_ known: State, for assignor: Assignor) -> AssignedMember {
        AssignedMember(
            memberID: known.memberID, instanceID: configuration.instanceID, topics: topics,
            ownedPartitions: assignor == .sticky ? known.assigned : known.owned, generation: known.generation)
    }

    private func sync(
        _ joined: JoinAnswer, _ assignments: [SyncRequest.Assignment]
    ) async throws(GroupError) -> [TopicPartition] {
        let request = SyncRequest(
            group: group,
            membership: Membership(
                memberID: joined.memberID, generation: joined.generation, instanceID: configuration.instanceID),
            protocolType: joined.protocolType, protocolName: joined.protocolName, assignments: assignments)
        let answer = try await answer { broker.groups.sync(request, $0) }.get()
        guard let assignment = ConsumerAssignment(decoding: answer.assignment) else {
            // The leader is another program. Without an assignment that can be read there is nothing to do here.
            throw .inconsistentGroupProtocol
        }
        return assignment.partitions
    }

    /// Waits for an answer of the coordinator. A cancelled task does not: what still comes for it is dropped, and the end of its scope takes
    /// the member out of the group.
    private func answer<Answer: Sendable>(
        _ ask: (@escaping @Sendable (Result<Answer, GroupError>) -> Void) -> Void
    ) async -> Result<Answer, GroupError> {
        let first = FirstAnswer<Result<Answer, GroupError>>()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                first.wait(continuation)
                ask { first.give($0) }
            }
        } onCancel: {
            first.give(.failure(.rebalanceInProgress))
        }
    }

    /// - Returns: what the leader tells the coordinator, for each member.
    private func divide(_ joined: JoinAnswer) throws(GroupError) -> [SyncRequest.Assignment] {
        guard let assignor = Assignor(rawValue: joined.protocolName) else { throw .inconsistentGroupProtocol }
        let members = joined.members.compactMap(assignor.member)
        // One that cannot be understood would be left without partitions for no reason that anybody sees.
        if members.count != joined.members.count { throw .inconsistentGroupProtocol }
        let counts = partitionCounts(of: Set(members.flatMap(\.topics)))
        state.withLock { $0.dividedCounts = counts }
        return assignor.assign(members, counts)
            .map { SyncRequest.Assignment(memberID: $0.key, ConsumerAssignment($0.value).encoded()) }
    }

    private func partitionCounts(of topics: Set<String>) -> [String: Int32] {
        var counts: [String: Int32] = [:]
        for topic in topics { counts[topic] = broker.catalogue.topic(topic).map { Int32($0.partitions.count) } }
        return counts
    }

    private func settle(_ joined: JoinAnswer, _ assigned: [TopicPartition]) -> [TopicPartition] {
        let now = broker.clock.monotonic()
        let beats = state.withLock { state in
            state.isJoining = false
            // It has waited for the others, not worked on a batch.
            state.lastStep = now
            state.memberID = joined.memberID
            state.generation = joined.generation
            if !joined.isLeader { state.dividedCounts = nil }
            // What was given up may be given to others now, so everybody joins once more (KIP-429).
            if configuration.isCooperative, !Set(state.owned).isSubset(of: assigned) { state.mustJoin = true }
            state.owned = assigned
            state.assigned = assigned
            defer { state.isBeating = true }
            return !state.isBeating
        }
        if beats { beatLater() }
        return assigned
    }

    // MARK: Heartbeats

    private var heartbeatInterval: Duration { min(configuration.sessionTimeout / 3, .seconds(1)) }

    private func beatLater() {
        broker.timers.after(heartbeatInterval) { [weak self] in self?.beat() }
    }

    private enum Beat {
        case end
        /// The coordinator excuses whoever waits for it.
        case wait
        case leave(Membership)
        /// - Parameter counts: of the topics as they were divided.
        case send(Membership, counts: [String: Int32]?)
    }

    private func beat() {
        let now = broker.clock.monotonic()
        let beat = state.withLock { state -> Beat in
            let membership = state.membership(configuration.instanceID)
            if state.hasLeft || state.isFenced { return .end }
            if state.isJoining { return .wait }
            if now - state.lastStep > configuration.mostTimePerBatch {
                // The work on a batch takes too long. The others get the partitions, and the commit will be refused.
                state.forget(keepingID: false)
                return .leave(membership)
            }
            return .send(membership, counts: state.mustJoin ? nil : state.dividedCounts)
        }
        switch beat {
        case .end: return
        case .wait: break
        case .leave(let membership):
            _ = broker.groups.leave(group, [LeavingMember(memberID: membership.memberID)])
        case .send(let membership, let counts):
            if !membership.memberID.isEmpty, let error = broker.groups.heartbeat(group, membership) {
                note(error, of: membership)
            } else if let counts, partitionCounts(of: Set(counts.keys)) != counts {
                askForRebalance()
            }
        }
        beatLater()
    }

    /// What the coordinator says of this member as it was when it asked.
    private func note(_ error: GroupError, of membership: Membership) {
        let call = state.withLock { state -> (@Sendable () -> Void)? in
            // A former id of this member's own is fenced by its newer one.
            if error == .fencedInstanceID, state.memberID == membership.memberID {
                state.isFenced = true
                return state.onRebalance
            }
            // It is about to be another one, or is already.
            if state.isJoining || state.membership(configuration.instanceID) != membership { return nil }
            switch error {
            case .rebalanceInProgress: state.mustJoin = true
            case .illegalGeneration: state.forget(keepingID: true)
            case .unknownMemberID: state.forget(keepingID: false)
            default: return nil
            }
            return state.onRebalance
        }
        call?()
    }

    private func askForRebalance() {
        let call = state.withLock { state -> (@Sendable () -> Void)? in
            if state.isJoining { return nil }
            state.mustJoin = true
            return state.onRebalance
        }
        call?()
    }
}
