import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("The coordinator of groups in the consumer protocol")
struct ConsumerGroupCoordinatorTests {
    private typealias World = ConsumerWorld
    private let partition = TopicPartition(topic: "orders", partition: 0)

    private func plant() async throws -> SimulatedBroker {
        let plant = try SimulatedBroker()
        try await plant.broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
        return plant
    }

    private func send(_ plant: SimulatedBroker, _ request: ConsumerHeartbeat) throws -> ConsumerHeartbeatAnswer {
        let answer = Answer<Result<ConsumerHeartbeatAnswer, GroupError>>()
        plant.broker.groups.heartbeat(request) { answer($0) }
        plant.directory.runCommitRound()
        return try #require(answer.now).get()
    }

    private func refusal(_ plant: SimulatedBroker, _ request: ConsumerHeartbeat) -> GroupError? {
        let answer = Answer<Result<ConsumerHeartbeatAnswer, GroupError>>()
        plant.broker.groups.heartbeat(request) { answer($0) }
        plant.directory.runCommitRound()
        if case .failure(let error)? = answer.now { return error }
        return nil
    }

    private func commit(_ plant: SimulatedBroker, _ membership: Membership?, _ offset: Int64) -> GroupError? {
        let answer = Answer<Result<Void, GroupError>>()
        plant.broker.groups.commit("g", membership, [partition: CommittedOffset(Offset(offset))]) { answer($0) }
        plant.directory.runCommitRound()
        if case .failure(let error)? = answer.now { return error }
        #expect(answer.now != nil)
        return nil
    }

    private func joinClassic(_ plant: SimulatedBroker) throws -> JoinAnswer {
        let answer = Answer<Result<JoinAnswer, GroupError>>()
        plant.broker.groups.join(GroupWorld.request("c")) { answer($0) }
        plant.directory.runCommitRound()
        return try #require(answer.now).get()
    }

    @Test("answers once the record is synced, and knows members and offsets after a restart")
    func restart() async throws {
        let plant = try await plant()
        let answer = Answer<Result<ConsumerHeartbeatAnswer, GroupError>>()
        plant.broker.groups.heartbeat(World.joining("a")) { answer($0) }
        #expect(answer.now == nil)
        plant.directory.runCommitRound()
        #expect(try #require(answer.now).get().assignment?.count == 2)
        let member = Membership(memberID: "a", generation: 1)
        #expect(commit(plant, member, 7) == nil)
        try plant.kill()
        let group = try plant.broker.admin.describeGroup("g")
        #expect(group.state == .stable && group.type == .consumer && group.assignor == "uniform")
        #expect(group.members.map(\.partitions.count) == [2])
        #expect(try plant.broker.admin.lag(of: "g").map(\.memberID) == ["a", "a"])
        #expect(commit(plant, member, 8) == nil && commit(plant, nil, 9) == .unknownMemberID)
        #expect(try send(plant, World.silent("a", 1)).assignment == nil)
        plant.clock.advance(milliseconds: 45_000)
        #expect(refusal(plant, World.silent("a", 1)) == .unknownMemberID)
        #expect(plant.broker.committedOffsets(of: "g")[partition]?.offset == Offset(8))
    }

    @Test("gives members the partitions that a topic gets later")
    func growth() async throws {
        let plant = try await plant()
        _ = try send(plant, World.joining("a"))
        _ = try await plant.broker.admin.createPartitions("orders", total: 3)
        let answer = try send(plant, World.silent("a", 1))
        #expect(answer.epoch == 2 && answer.assignment?.count == 3)
    }

    @Test("makes a group of the other protocol of one that has no members, and refuses it if it has")
    func conversion() async throws {
        let plant = try await plant()
        #expect(refusal(plant, World.silent("a", 3)) == .groupIDNotFound)
        let classic = try joinClassic(plant)
        #expect(refusal(plant, World.joining("a")) == .groupIDNotFound)
        #expect(try plant.broker.groups.leave("g", [LeavingMember(memberID: classic.memberID)]).get() == [nil])
        #expect(try send(plant, World.joining("a")).epoch == 1)
        #expect(plant.broker.groups.list().map(\.type) == [.consumer])
        #expect(throws: GroupError.inconsistentGroupProtocol) { try joinClassic(plant) }
        #expect(plant.broker.groups.heartbeat("g", classic.membership) == .unknownMemberID)
        #expect(plant.broker.groups.describeClassic("g").state == .dead)
        try plant.kill()
        #expect(plant.broker.groups.list().map(\.type) == [.consumer])
        _ = try send(plant, World.silent("a", ConsumerHeartbeat.leaves))
        #expect(try joinClassic(plant).generation == 1)
        #expect(plant.broker.groups.describeConsumers("g") == nil)
        try plant.kill()
        #expect(plant.broker.groups.describeConsumers("g") == nil)
    }

    @Test("deletes a group without members for good, and puts members out")
    func administration() async throws {
        let plant = try await plant()
        _ = try send(plant, World.joining("a"))
        #expect(commit(plant, Membership(memberID: "a", generation: 1), 7) == nil)
        let answer = Answer<GroupError?>()
        plant.broker.groups.delete("g") { answer($0) }
        #expect(answer.now == .some(.nonEmptyGroup))
        #expect(plant.broker.groups.evict("g") == nil)
        #expect(refusal(plant, World.silent("a", 1)) == .unknownMemberID)
        let second = Answer<GroupError?>()
        plant.broker.groups.delete("g") { second($0) }
        plant.directory.runCommitRound()
        #expect(second.now == .some(nil) && plant.broker.groups.list().isEmpty)
        try plant.kill()
        #expect(plant.broker.groups.list().isEmpty && plant.broker.committedOffsets(of: "g").isEmpty)
    }

    @Test("leaves offsets of topics that members read alone")
    func deletingOffsets() async throws {
        let plant = try await plant()
        _ = try send(plant, World.joining("a"))
        let answer = Answer<Result<[TopicPartition: GroupError?], GroupError>>()
        plant.broker.groups.deleteOffsets("g", [partition]) { answer($0) }
        #expect(try #require(answer.now).get() == [partition: .groupSubscribedToTopic])
    }

    @Test("deletes offsets of a topic that members have read once all have left")
    func deletingOffsetsOfEmptyGroup() async throws {
        let plant = try await plant()
        _ = try send(plant, World.joining("a"))
        #expect(commit(plant, Membership(memberID: "a", generation: 1), 7) == nil)
        _ = try send(plant, World.silent("a", ConsumerHeartbeat.leaves))
        let answer = Answer<Result<[TopicPartition: GroupError?], GroupError>>()
        plant.broker.groups.deleteOffsets("g", [partition]) { answer($0) }
        plant.directory.runCommitRound()
        #expect(try #require(answer.now).get() == [partition: nil])
        #expect(plant.broker.committedOffsets(of: "g").isEmpty)
    }

    @Test(
        "answers a member that leaves while its group is deleted, or makes way for a classic one",
        arguments: [true, false])
    func leavingLast(isDeleted: Bool) async throws {
        let plant = try await plant()
        _ = try send(plant, World.joining("a"))
        let left = Answer<Result<ConsumerHeartbeatAnswer, GroupError>>()
        plant.broker.groups.heartbeat(World.silent("a", ConsumerHeartbeat.leaves)) { left($0) }
        let joined = Answer<Result<JoinAnswer, GroupError>>()
        if isDeleted {
            plant.broker.groups.delete("g") { _ in }
        } else {
            plant.broker.groups.join(GroupWorld.request("c")) { joined($0) }
        }
        #expect(left.now == nil)
        plant.directory.runCommitRound()
        #expect(try #require(left.now).get().epoch == ConsumerHeartbeat.leaves)
        try plant.kill()
        #expect(plant.broker.groups.describeConsumers("g") == nil)
    }

    @Test("answers nobody for a write of a group that is gone, and takes all of that group back")
    func lateWrite() throws {
        let world = HeldCoordinator()
        world.coordinator.heartbeat(World.joining("a")) { _ in }
        world.coordinator.heartbeat(World.silent("a", ConsumerHeartbeat.leaves)) { _ in }
        let (deleted, joined) = (Answer<GroupError?>(), Answer<Result<ConsumerHeartbeatAnswer, GroupError>>())
        world.coordinator.delete("g") { deleted($0) }
        world.coordinator.heartbeat(World.joining("b")) { joined($0) }
        #expect(world.journal.count == 4)
        world.journal.complete(failing: BrokerError(.storage, "The disk fails.", remedy: "Repair it."))
        world.journal.complete()
        #expect(joined.now == nil && deleted.now == nil)
        let end = world.journal.first.map(\.key)
        #expect(end.contains(GroupRecord.consumerGroup(.member(group: "g", id: "a", nil)).key))
        world.journal.complete()
        #expect(deleted.now == .some(nil) && joined.now == nil)
        world.journal.complete()
        #expect(try #require(joined.now).get().memberID == "b")
    }

    @Test("divides by the newest topics that it has seen, though a request brings older ones")
    func olderTopics() throws {
        let world = HeldCoordinator()
        let orders = { TopicImage.Topic(id: World.orders, partitionCount: $0) }
        world.topics.withLock { $0 = TopicImage(version: 2, topics: ["orders": orders(3)]) }
        #expect(try world.heartbeat(World.joining("a")).assignment?.count == 3)
        world.topics.withLock { $0 = TopicImage(version: 1, topics: ["orders": orders(2)]) }
        #expect(try world.heartbeat(World.silent("a", 1)).epoch == 1)
        #expect(try world.heartbeat(World.joining("b")).epoch == 2)
        let targets = world.coordinator.describeConsumers("g")?.members.map { $0.target.flatMap(\.partitions).count }
        #expect(targets == [2, 1])
        world.topics.withLock { $0 = TopicImage(version: 3, topics: ["orders": orders(4)]) }
        #expect(try world.heartbeat(World.silent("b", 2)).epoch == 3)
    }

    @Test("answers everybody when the broker closes")
    func closing() async throws {
        let plant = try await plant()
        let answer = Answer<Result<ConsumerHeartbeatAnswer, GroupError>>()
        plant.broker.groups.heartbeat(World.joining("a")) { answer($0) }
        plant.broker.groups.close()
        #expect(answer.now == .failure(.coordinatorNotAvailable))
        #expect(refusal(plant, World.joining("a")) == .coordinatorNotAvailable)
    }
}
