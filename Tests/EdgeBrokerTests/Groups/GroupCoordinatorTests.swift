import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

/// What a request was answered, once it was.
final class Answer<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    var now: Value? { value.withLock { $0 } }
    func callAsFunction(_ value: Value) { self.value.withLock { $0 = value } }
}

@Suite("The coordinator of consumer groups")
struct GroupCoordinatorTests {
    private let partition = TopicPartition(topic: "orders", partition: 0)

    private func plant() async throws -> SimulatedBroker {
        let plant = try SimulatedBroker()
        try await plant.broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
        return plant
    }

    private func join(_ plant: SimulatedBroker, _ request: JoinRequest) throws -> JoinAnswer {
        let answer = Answer<Result<JoinAnswer, GroupError>>()
        plant.broker.groups.join(request) { answer($0) }
        plant.directory.runCommitRound()
        return try #require(answer.now).get()
    }

    private func sync(_ plant: SimulatedBroker, _ joined: JoinAnswer, _ assignments: [String: [UInt8]]) throws
        -> SyncAnswer
    {
        let answer = Answer<Result<SyncAnswer, GroupError>>()
        plant.broker.groups.sync(
            SyncRequest(
                group: "g", membership: joined.membership,
                assignments: assignments.map { SyncRequest.Assignment(memberID: $0.key, $0.value) })
        ) { answer($0) }
        if joined.isLeader { #expect(answer.now == nil) }
        plant.directory.runCommitRound()
        return try #require(answer.now).get()
    }

    private func commit(_ plant: SimulatedBroker, _ membership: Membership?, _ offset: Int64, group: String = "g")
        -> GroupError?
    {
        let answer = Answer<Result<Void, GroupError>>()
        plant.broker.groups.commit(group, membership, [partition: CommittedOffset(Offset(offset))]) { answer($0) }
        plant.directory.runCommitRound()
        if case .failure(let error)? = answer.now { return error }
        #expect(answer.now != nil)
        return nil
    }

    private func offset(_ plant: SimulatedBroker) -> Int64? {
        plant.broker.committedOffsets(of: "g")[partition]?.offset.rawValue
    }

    @Test("fences a member that was away past its session, also across a restart")
    func zombie() async throws {
        let plant = try await plant()
        let first = try join(plant, GroupWorld.request("a"))
        #expect(try sync(plant, first, [first.memberID: [1]]).assignment == [1])
        #expect(commit(plant, first.membership, 5) == nil)
        try plant.kill()
        #expect(plant.broker.groups.describe("g").state == .stable)
        #expect(plant.broker.groups.heartbeat("g", first.membership) == nil)
        #expect(commit(plant, first.membership, 6) == nil && offset(plant) == 6)
        let deadline = try #require(plant.broker.groups.nextDeadline)
        #expect(deadline <= plant.clock.now + .seconds(10))
        plant.clock.advance(milliseconds: 10_000)
        let second = try join(plant, GroupWorld.request("b"))
        #expect(second.isLeader && second.generation > first.generation)
        _ = try sync(plant, second, [second.memberID: [1]])
        #expect(commit(plant, second.membership, 9) == nil)
        #expect(commit(plant, first.membership, 7) == .unknownMemberID)
        #expect(plant.broker.groups.heartbeat("g", first.membership) == .unknownMemberID)
        #expect(offset(plant) == 9)
    }

    @Test("refuses commits past a group that has members, and takes them when it has none")
    func simple() async throws {
        let plant = try await plant()
        #expect(commit(plant, nil, 1) == nil)
        #expect(commit(plant, Membership(memberID: "", generation: -1), 2) == nil)
        #expect(commit(plant, Membership(memberID: "x", generation: 3), 2) == .illegalGeneration)
        let member = try join(plant, GroupWorld.request("a"))
        #expect(commit(plant, nil, 3) == .unknownMemberID)
        let error = await #expect(throws: BrokerError.self) {
            try await plant.broker.commitOffsets(group: "g", [partition: CommittedOffset(Offset(3))])
        }
        #expect(error?.code == .groupInUse && offset(plant) == 2)
        #expect(try plant.broker.groups.leave("g", [LeavingMember(memberID: member.memberID)]).get() == [nil])
        #expect(commit(plant, nil, 4) == nil && offset(plant) == 4)
    }

    @Test("rings for the first deadline of all groups and once for each")
    func deadlines() async throws {
        let plant = try await plant()
        let rings = Mutex<[Duration]>([])
        plant.broker.groups.onDeadline { deadline in rings.withLock { $0.append(deadline) } }
        let start = plant.clock.now
        let member = try join(plant, GroupWorld.request("a", session: .seconds(10)))
        _ = try sync(plant, member, [:])
        #expect(rings.withLock { $0.last } == start + .seconds(10))
        let before = rings.withLock { $0.count }
        plant.clock.advance(milliseconds: 5000)
        #expect(plant.broker.groups.heartbeat("g", member.membership) == nil)
        #expect(rings.withLock { $0.count } == before)
        plant.clock.advance(milliseconds: 5000)
        plant.broker.groups.fireTimers()
        #expect(rings.withLock { $0.last } == start + .seconds(15))
        plant.clock.advance(milliseconds: 5000)
        plant.broker.groups.fireTimers()
        #expect(plant.broker.groups.describe("g").state == .empty)
    }

    @Test("deletes a group without members, and its offsets, for good")
    func deletes() async throws {
        let plant = try await plant()
        let member = try join(plant, GroupWorld.request("a"))
        _ = try sync(plant, member, [:])
        #expect(commit(plant, member.membership, 1) == nil)
        func delete() -> GroupError? {
            let answer = Answer<GroupError?>()
            plant.broker.groups.delete("g") { answer($0) }
            plant.directory.runCommitRound()
            return answer.now ?? .unknownMemberID
        }
        #expect(delete() == .nonEmptyGroup)
        _ = plant.broker.groups.leave("g", [LeavingMember(memberID: member.memberID)])
        #expect(delete() == nil && plant.broker.groups.list().isEmpty && delete() == .groupIDNotFound)
        try plant.kill()
        #expect(plant.broker.groups.list().isEmpty && plant.broker.groups.describe("g").state == .dead)
    }

    @Test("deletes offsets of topics that no member reads")
    func deletesOffsets() async throws {
        let plant = try await plant()
        try await plant.broker.admin.createTopic("other")
        let other = TopicPartition(topic: "other", partition: 0)
        let answer = Answer<Result<[TopicPartition: GroupError?], GroupError>>()
        func delete() throws -> [TopicPartition: GroupError?] {
            plant.broker.groups.deleteOffsets("g", [partition, other]) { answer($0) }
            plant.directory.runCommitRound()
            return try #require(answer.now).get()
        }
        #expect(throws: GroupError.groupIDNotFound) { try delete() }
        for name in [partition, other] {
            plant.broker.groups.commit("g", nil, [name: CommittedOffset(Offset(1))]) { _ in }
        }
        plant.directory.runCommitRound()
        let subscription = ConsumerSubscription(topics: ["orders"]).encoded()
        _ = try join(plant, GroupWorld.request("a", protocols: [GroupProtocol("range", subscription)]))
        let expected: [TopicPartition: GroupError?] = [partition: .groupSubscribedToTopic, other: nil]
        #expect(try delete() == expected)
        #expect(Array(plant.broker.committedOffsets(of: "g").keys) == [partition])
    }

    @Test("counts a transaction's offsets from its end on, and also after a restart", arguments: [true, false])
    func transactional(isCommitted: Bool) async throws {
        let plant = try await plant()
        #expect(commit(plant, nil, 1) == nil)
        let staged = Answer<Result<Void, GroupError>>()
        plant.broker.groups.stageTransactional(
            "g", nil, [partition: CommittedOffset(Offset(8))], producer: ProducerIdentity(id: 7, epoch: 1)
        ) { staged($0) }
        plant.directory.runCommitRound()
        #expect(staged.now != nil)
        for _ in 0..<2 {
            #expect(offset(plant) == 1)
            #expect(
                plant.broker.groups.fetch("g", [partition], requiresStable: true) == [
                    partition: .failure(.unstableOffsetCommit)
                ])
            try plant.kill()
        }
        let name = TopicPartition(topic: "__consumer_offsets", partition: 0)
        let marker = TransactionMarker(isCommitted ? .commit : .abort, coordinatorEpoch: 0)
        var builder = RecordBatchBuilder()
        builder.append(
            key: marker.key, value: marker.value, headers: [], timestamp: Timestamp(millisecondsSince1970: 1))
        var batch = builder.finish()
        batch.makeTransactional(producerID: 7, epoch: 1, isControl: true)
        let groups = plant.broker.groups
        try plant.directory.stage(
            Append([Append.Batch(batch, to: plant.partition(name))]) { _ in
                groups.completeTransaction(producerID: 7, isCommitted: isCommitted)
            })
        plant.directory.runCommitRound()
        for _ in 0..<2 {
            #expect(offset(plant) == (isCommitted ? 8 : 1))
            let fetched = plant.broker.groups.fetch("g", nil, requiresStable: true)
            #expect(try fetched[partition]?.get()?.offset == Offset(isCommitted ? 8 : 1))
            try plant.kill()
        }
    }

    @Test("answers everybody when the broker closes")
    func closes() async throws {
        let plant = try await plant()
        let member = try join(plant, GroupWorld.request("a"))
        let waiting = Answer<Result<JoinAnswer, GroupError>>()
        let groups = plant.broker.groups
        groups.join(GroupWorld.request("b")) { waiting($0) }
        #expect(waiting.now == nil)
        await plant.broker.close()
        #expect(waiting.now == .failure(.coordinatorNotAvailable))
        #expect(groups.heartbeat("g", member.membership) == .coordinatorNotAvailable)
    }

    @Test("works with the broker's own threads")
    func threads() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
            let joined = try await withCheckedContinuation { continuation in
                broker.groups.join(GroupWorld.request("a")) { continuation.resume(returning: $0) }
            }.get()
            let synced = try await withCheckedContinuation { continuation in
                broker.groups.sync(
                    SyncRequest(
                        group: "g", membership: joined.membership,
                        assignments: [SyncRequest.Assignment(memberID: joined.memberID, [5])])
                ) { continuation.resume(returning: $0) }
            }.get()
            #expect(synced.assignment == [5] && broker.groups.list().map(\.state) == [.stable])
        }
    }
}

extension JoinAnswer {
    var membership: Membership { Membership(memberID: memberID, generation: generation) }
}
