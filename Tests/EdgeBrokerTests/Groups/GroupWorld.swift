import EdgeBroker
import RecordFormat

/// A group without a log: time and the disk are the test's.
struct GroupWorld {
    var machine: GroupStateMachine
    private(set) var now = Duration.seconds(1000)
    private var lastToken: UInt64 = 0
    private(set) var joins: [GroupToken: Result<JoinAnswer, GroupError>] = [:]
    private(set) var syncs: [GroupToken: Result<SyncAnswer, GroupError>] = [:]
    /// What was asked to be written, and not yet said to be.
    private(set) var writes: [(metadata: GroupMetadata, reason: GroupWrite)] = []
    private(set) var lastRecord: GroupMetadata?

    init(_ settings: GroupSettings = GroupSettings()) { machine = GroupStateMachine(group: "g", settings: settings) }

    private mutating func perform(_ actions: [GroupAction]) {
        for action in actions {
            switch action {
            case .answerJoin(let token, let result): joins[token] = result
            case .answerSync(let token, let result): syncs[token] = result
            case .persist(let metadata, let reason):
                writes.append((metadata, reason))
                lastRecord = metadata
            }
        }
    }

    mutating func pass(_ time: Duration) {
        now += time
        perform(machine.expire(now: now))
    }

    static func request(
        _ client: String, id: String = "", instance: String? = nil,
        protocols: [GroupProtocol] = [GroupProtocol("range", [1])],
        session: Duration = .seconds(10), rebalance: Duration = .seconds(60), twoSteps: Bool = false,
        skipping: Bool = true
    ) -> JoinRequest {
        JoinRequest(
            group: "g", memberID: id, instanceID: instance, clientID: client, clientHost: "/127.0.0.1",
            sessionTimeout: session, rebalanceTimeout: rebalance, protocolType: "consumer", protocols: protocols,
            requiresKnownMemberID: twoSteps, supportsSkippingAssignment: skipping)
    }

    /// Ids are the client's name and a number.
    mutating func join(_ request: JoinRequest) -> GroupToken {
        lastToken += 1
        let token = GroupToken(lastToken)
        perform(machine.expire(now: now))
        perform(machine.join(request, newMemberID: "\(request.clientID)\(lastToken)", token: token, now: now))
        return token
    }

    func joined(_ token: GroupToken) -> JoinAnswer? {
        if case .success(let answer)? = joins[token] { answer } else { nil }
    }

    func refusal(_ token: GroupToken) -> GroupError? {
        if case .failure(let error)? = joins[token] { return error }
        if case .failure(let error)? = syncs[token] { return error }
        return nil
    }

    func assignment(_ token: GroupToken) -> [UInt8]? {
        if case .success(let answer)? = syncs[token] { answer.assignment } else { nil }
    }

    mutating func sync(_ answer: JoinAnswer, _ assignments: [String: [UInt8]] = [:]) -> GroupToken {
        sync(
            Membership(memberID: answer.memberID, generation: answer.generation),
            assignments.map { SyncRequest.Assignment(memberID: $0.key, $0.value) })
    }

    mutating func sync(_ membership: Membership, _ assignments: [SyncRequest.Assignment] = []) -> GroupToken {
        lastToken += 1
        let token = GroupToken(lastToken)
        perform(
            machine.sync(
                SyncRequest(group: "g", membership: membership, assignments: assignments), token: token, now: now))
        return token
    }

    /// The disk has synced everything, or taken nothing.
    mutating func write(failing error: GroupError? = nil) {
        let done = writes
        writes = []
        for (_, reason) in done { perform(machine.wrote(reason, error, now: now)) }
    }

    mutating func heartbeat(_ answer: JoinAnswer) -> GroupError? {
        machine.heartbeat(Membership(memberID: answer.memberID, generation: answer.generation), now: now)
    }

    mutating func commit(_ answer: JoinAnswer) -> GroupError? {
        machine.checkCommit(Membership(memberID: answer.memberID, generation: answer.generation), now: now)
    }

    mutating func leave(_ members: [LeavingMember]) -> [GroupError?] {
        let (errors, actions) = machine.leave(members, now: now)
        perform(actions)
        return errors
    }

    mutating func evict() { perform(machine.evict(now: now)) }

    /// A stable group of members with these requests; each has its number as assignment.
    static func stable(_ requests: [JoinRequest], _ settings: GroupSettings = GroupSettings()) -> (
        GroupWorld, [JoinAnswer]
    ) {
        var world = GroupWorld(settings)
        var tokens: [GroupToken] = []
        for request in requests {
            // Whoever was there joins again.
            var again: [GroupToken] = []
            let before = tokens.compactMap { world.joined($0) }
            let new = world.join(request)
            for (answer, former) in zip(before, requests) {
                var request = former
                request.memberID = answer.memberID
                again.append(world.join(request))
            }
            tokens = again + [new]
        }
        let answers = tokens.compactMap { world.joined($0) }
        let assignments = Dictionary(
            uniqueKeysWithValues: answers.enumerated().map { ($1.memberID, [UInt8(truncatingIfNeeded: $0)]) })
        for answer in answers { _ = world.sync(answer, answer.isLeader ? assignments : [:]) }
        world.write()
        return (world, answers)
    }
}
