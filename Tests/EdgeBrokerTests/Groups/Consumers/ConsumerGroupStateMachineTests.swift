import EdgeBroker
import LogStore
import RecordFormat
import Testing

@Suite("A group in the consumer protocol")
struct ConsumerGroupStateMachineTests {
    private typealias World = ConsumerWorld
    private let partition = TopicPartition(topic: "orders", partition: 3)

    /// `a` has all four partitions in epoch 1.
    private func one() throws -> World {
        var world = World()
        let answer = try world.heartbeat(World.joining("a"))
        #expect(answer.numbers == [0, 1, 2, 3] && answer.epoch == 1)
        return world
    }

    /// `a` has two partitions and `b` the two others, in epoch 2.
    private func two() throws -> (World, a: [Int32], b: [Int32]) {
        var world = try one()
        _ = try world.heartbeat(World.joining("b"))
        let a = try #require(try world.heartbeat(World.silent("a", 1)).numbers)
        #expect(try world.heartbeat(World.living("a", 1, a)).epoch == 2)
        let answer = try world.heartbeat(World.silent("b", 2))
        let b = try #require(answer.numbers)
        #expect(a.count == 2 && Set(a + b) == [0, 1, 2, 3] && world.machine.state == .stable)
        return (world, a, b)
    }

    @Test("gives a partition only once the member that had it says that it has it no more")
    func revokesFirst() throws {
        var world = try one()
        let joined = try world.heartbeat(World.joining("b"))
        #expect(joined.epoch == 2 && joined.numbers == [] && world.machine.state == .reconciling)
        let asked = try world.heartbeat(World.silent("a", 1))
        let kept = try #require(asked.numbers)
        #expect(asked.epoch == 1 && kept.count == 2)
        // It still has everything, and says so, or says nothing.
        #expect(try world.heartbeat(World.living("a", 1, 0..<4)).epoch == 1)
        #expect(try world.heartbeat(World.silent("a", 1)).epoch == 1)
        #expect(try world.heartbeat(World.living("b", 2, [])).numbers == nil)
        let acknowledged = try world.heartbeat(World.living("a", 1, kept))
        #expect(acknowledged.epoch == 2 && acknowledged.assignment == nil)
        let given = try world.heartbeat(World.living("b", 2, []))
        #expect(given.numbers == [0, 1, 2, 3].filter { !kept.contains($0) } && world.machine.state == .stable)
    }

    @Test("asks again sooner while a member waits for partitions")
    func interval() throws {
        var world = try one()
        #expect(try world.heartbeat(World.joining("b")).interval == .seconds(1))
        let (settled, a, _) = try two()
        world = settled
        #expect(try world.heartbeat(World.living("a", 2, a)).interval == .seconds(5))
    }

    @Test("answers nobody before the log knows, and nobody who builds on what it does not know yet")
    func written() throws {
        var world = World()
        let first = world.send(World.joining("a"))
        let second = world.send(World.silent("a", 1))
        #expect(world.answers.isEmpty && world.writes.count == 1)
        world.write()
        #expect(world.answers.keys.count == 2 && world.answers[first] != nil && world.answers[second] != nil)
        // What changes nothing rests on nothing.
        let third = world.send(World.silent("a", 1))
        #expect(world.writes.isEmpty && world.answers[third] != nil)
    }

    @Test("tells again and writes again what the disk did not take")
    func failedWrite() throws {
        var world = World()
        let error = GroupError.notStored(BrokerError(.storage, "full", remedy: "none"))
        let token = world.send(World.joining("a"))
        let behind = world.send(World.silent("a", 1))
        world.write(failing: error)
        #expect(world.answers[token] == .failure(error) && world.answers[behind] == .failure(error))
        let answer = try world.heartbeat(World.living("a", 0, []))
        #expect(answer.epoch == 1 && answer.numbers == [0, 1, 2, 3])
        try world.restart()
        #expect(try world.heartbeat(World.silent("a", 1)).assignment == nil && world.machine.state == .stable)
    }

    @Test("takes the epoch before, whose answer may have been lost, from a member that has no more than it may")
    func lostAnswer() throws {
        var (world, a, b) = try two()
        let answer = try world.heartbeat(World.living("a", 1, a))
        #expect(answer.epoch == 2 && answer.numbers == a)
        #expect(world.refusal(World.living("a", 1, a + [b[0]])) == .fencedMemberEpoch)
        #expect(world.refusal(World.silent("a", 1)) == .fencedMemberEpoch)
        #expect(world.refusal(World.living("a", 3, a)) == .fencedMemberEpoch)
        #expect(world.refusal(World.silent("c", 2)) == .unknownMemberID)
    }

    @Test("takes a member back that begins anew under its id, with what it had")
    func rejoin() throws {
        var (world, a, _) = try two()
        let answer = try world.heartbeat(World.joining("a"))
        #expect(answer.epoch == 2 && answer.numbers == a && world.machine.epoch == 2)
    }

    @Test(
        "puts a silent member out when its session is over, and gives its partitions to the others", arguments: [1, 44])
    func session(seconds: Int64) throws {
        var (world, a, b) = try two()
        world.pass(.seconds(seconds))
        #expect(try world.heartbeat(World.living("a", 2, a)).epoch == 2)
        world.pass(.seconds(45 - seconds))
        #expect(world.machine.state == .assigning && world.machine.description(world.image).members.count == 1)
        let answer = try world.heartbeat(World.silent("a", 2))
        #expect(answer.epoch == 3 && answer.numbers == [0, 1, 2, 3] && world.machine.state == .stable)
        #expect(world.refusal(World.living("b", 2, b)) == .unknownMemberID)
        world.write()
        try world.restart()
        #expect(world.machine.description(world.image).members.map(\.memberID) == ["a"])
    }

    @Test("puts out a member that lives and does not give up in time what another waits for")
    func rebalanceTimeout() throws {
        var world = World()
        _ = try world.heartbeat(World.joining("a", rebalance: .seconds(10)))
        _ = try world.heartbeat(World.joining("b"))
        #expect(try world.heartbeat(World.living("a", 1, 0..<4)).numbers?.count == 2)
        for _ in 0..<9 {
            world.pass(.seconds(1))
            #expect(try world.heartbeat(World.living("a", 1, 0..<4)).epoch == 1)
        }
        world.pass(.seconds(1))
        #expect(world.refusal(World.living("a", 1, 0..<4)) == .unknownMemberID)
        #expect(try world.heartbeat(World.silent("b", 2)).numbers == [0, 1, 2, 3])
    }

    @Test("frees the partitions of a member that leaves at once, and forgets it for good")
    func leaving() throws {
        var (world, _, _) = try two()
        let left = try world.heartbeat(World.silent("b", ConsumerHeartbeat.leaves))
        #expect(left.epoch == -1 && left.assignment == nil)
        #expect(try world.heartbeat(World.silent("a", 2)).numbers == [0, 1, 2, 3])
        #expect(world.refusal(World.silent("b", ConsumerHeartbeat.leaves)) == .unknownMemberID)
        _ = try world.heartbeat(World.silent("a", ConsumerHeartbeat.leaves))
        #expect(world.machine.state == .empty)
        try world.restart()
        #expect(world.machine.state == .empty && world.machine.epoch == 4)
    }

    @Test("keeps a static member's place while it is away, and gives it to whoever comes under its name")
    func staticMember() throws {
        var world = World()
        _ = try world.heartbeat(World.joining("a", instance: "i"))
        #expect(world.refusal(World.joining("b", instance: "i")) == .unreleasedInstanceID)
        let away = ConsumerHeartbeat(group: "g", memberID: "a", epoch: ConsumerHeartbeat.pauses, instanceID: "i")
        #expect(try world.heartbeat(away).epoch == -2)
        try world.restart()
        let back = try world.heartbeat(World.joining("b", instance: "i"))
        #expect(back.epoch == 1 && back.numbers == [0, 1, 2, 3] && world.machine.epoch == 1)
        #expect(world.refusal(World.living("a", 1, 0..<4, instance: "i")) == .fencedInstanceID)
        #expect(world.refusal(World.living("a", 1, 0..<4)) == .unknownMemberID)
        // One that does not come back loses its place like any other.
        var other = away
        other.memberID = "b"
        _ = try world.heartbeat(other)
        world.pass(.seconds(45))
        #expect(world.machine.state == .empty)
    }

    @Test("divides anew when a topic grows, comes, goes, or is made anew, and only then")
    func topicChanges() throws {
        var world = try one()
        world.image.version += 1
        world.image.topics["other"] = TopicImage.Topic(
            id: Identifier(Array(repeating: 2, count: 16))!, partitionCount: 9)
        #expect(try world.heartbeat(World.silent("a", 1)).assignment == nil && world.machine.epoch == 1)
        world.image.version += 1
        world.image.topics["orders"]?.partitionCount = 6
        #expect(try world.heartbeat(World.silent("a", 1)).numbers == [0, 1, 2, 3, 4, 5])
        world.image.version += 1
        world.image.topics["orders"]?.id = Identifier(Array(repeating: 3, count: 16))!
        #expect(try world.heartbeat(World.silent("a", 2)).assignment == [])
        let anew = try world.heartbeat(World.living("a", 2, []))
        #expect(anew.epoch == 3 && anew.assignment?.allSatisfy { $0.topic != World.orders } == true)
        #expect(anew.assignment?.count == 6)
        world.image.version += 1
        world.image.topics["orders"] = nil
        #expect(try world.heartbeat(World.silent("a", 3)).assignment == [])
    }

    @Test("reads topics by a pattern, and those that come later too, but not the broker's own")
    func patterns() throws {
        var world = World()
        world.image.topics["__consumer_offsets"] = TopicImage.Topic(
            id: Identifier(Array(repeating: 9, count: 16))!, partitionCount: 1)
        let answer = try world.heartbeat(World.joining("a", topics: [], pattern: ".*or.*"))
        #expect(answer.assignment == World.partitions(0..<4))
        world.image.version += 1
        world.image.topics["editors"] = TopicImage.Topic(
            id: Identifier(Array(repeating: 2, count: 16))!, partitionCount: 1)
        #expect(try world.heartbeat(World.silent("a", 1)).assignment?.count == 5)
    }

    @Test("takes the assignor that most members ask for")
    func assignors() throws {
        var world = World()
        _ = try world.heartbeat(World.joining("a", assignor: "range"))
        #expect(world.machine.description(world.image).assignor == "range")
        _ = try world.heartbeat(World.joining("b", assignor: "uniform"))
        _ = try world.heartbeat(World.joining("c", assignor: "uniform"))
        #expect(world.machine.description(world.image).assignor == "uniform")
    }

    @Test("takes commits of a member in its epoch, of nobody else, and not for a partition that another has")
    func commits() throws {
        var (world, a, b) = try two()
        let held = TopicPartition(topic: "orders", partition: a[0])
        let foreign = TopicPartition(topic: "orders", partition: b[0])
        func check(_ member: String, _ epoch: Int32, _ partition: TopicPartition) -> GroupError? {
            world.machine.checkCommit(Membership(memberID: member, generation: epoch), [partition])
        }
        #expect(check("a", 2, held) == nil)
        #expect(check("a", 0, held) == .staleMemberEpoch)
        #expect(check("a", 3, held) == .staleMemberEpoch)
        #expect(check("a", 2, foreign) == .staleMemberEpoch)
        #expect(check("x", 2, held) == .unknownMemberID)
        #expect(world.machine.checkCommit(nil, [held]) == .unknownMemberID)
        #expect(world.machine.checkCommit(nil, [held], isTransactional: true) == nil)
        let zombie = Membership(memberID: "a", generation: 0)
        #expect(world.machine.checkCommit(zombie, [held], isTransactional: true) == .illegalGeneration)
        #expect(world.machine.checkFetch(zombie) == .staleMemberEpoch)
        _ = try world.heartbeat(World.silent("a", ConsumerHeartbeat.leaves))
        _ = try world.heartbeat(World.silent("b", ConsumerHeartbeat.leaves))
        #expect(world.machine.checkCommit(nil, [held]) == nil)
    }

    @Test("takes commits in an older epoch for what the member has had since, and for nothing else")
    func olderCommits() throws {
        var (world, a, b) = try two()
        func check(_ member: String, _ epoch: Int32, _ number: Int32) -> GroupError? {
            world.machine.checkCommit(
                Membership(memberID: member, generation: epoch), [TopicPartition(topic: "orders", partition: number)])
        }
        // `a` had its two in epoch 1 as well; `b` was given its own in epoch 2.
        #expect(check("a", 1, a[0]) == nil && check("a", 1, b[0]) == .staleMemberEpoch)
        #expect(check("b", 1, b[0]) == .staleMemberEpoch)
        _ = try world.heartbeat(World.silent("b", ConsumerHeartbeat.leaves))
        // Nobody's is not its own.
        #expect(check("a", 2, b[0]) == .staleMemberEpoch)
        #expect(try world.heartbeat(World.silent("a", 2)).epoch == 3)
        #expect(check("a", 2, b[0]) == .staleMemberEpoch && check("a", 1, a[0]) == nil)
        // Nor after it has begun anew, nor is since when known after a restart.
        _ = try world.heartbeat(World.joining("a"))
        #expect(check("a", 1, a[0]) == .staleMemberEpoch && check("a", 3, a[0]) == nil)
        try world.restart()
        #expect(check("a", 2, a[0]) == .staleMemberEpoch && check("a", 3, a[0]) == nil)
    }

    @Test("goes on after a restart where it was, revocations that are under way among it")
    func restart() throws {
        var world = try one()
        _ = try world.heartbeat(World.joining("b"))
        let kept = try #require(try world.heartbeat(World.silent("a", 1)).numbers)
        try world.restart()
        #expect(try world.heartbeat(World.living("b", 2, [])).assignment == nil)
        #expect(try world.heartbeat(World.living("a", 1, kept)).epoch == 2)
        #expect(try world.heartbeat(World.living("b", 2, [])).numbers?.count == 2)
        #expect(world.machine.epoch == 2 && world.machine.state == .stable)
        // A member has a whole session from the start on.
        try world.restart()
        world.pass(.seconds(44))
        #expect(world.machine.state == .stable)
        world.pass(.seconds(1))
        #expect(world.machine.state == .empty)
    }

    @Test("puts out the member with the older epoch if damage gives a partition two owners")
    func damagedLog() throws {
        var contents = ConsumerGroupContents()
        for (id, epoch) in [("a", Int32(3)), ("b", 2)] {
            contents.apply(
                .member(
                    group: "g", id: id,
                    ConsumerMemberRecord(clientID: "", clientHost: "", topics: ["orders"], rebalanceTimeout: 1000)))
            contents.apply(
                .current(
                    group: "g", id: id,
                    CurrentAssignmentRecord(
                        epoch: epoch, previousEpoch: 1, state: .stable, assigned: World.partitions([0]), revoking: [])))
        }
        let machine = ConsumerGroupStateMachine(group: "g", settings: GroupSettings(), replaying: contents, now: .zero)
        #expect(machine.description(TopicImage()).members.map(\.memberID) == ["a"] && machine.epoch == 4)
    }

    private static let senseless: [(String, GroupError, @Sendable (inout ConsumerHeartbeat) -> Void)] = [
        ("no member id", .invalidRequest, { $0.memberID = "" }),
        ("no rebalance timeout", .invalidRequest, { $0.rebalanceTimeout = nil }),
        ("no subscription", .invalidRequest, { $0.topics = nil }),
        ("partitions before it has joined", .invalidRequest, { $0.owned = ConsumerWorld.partitions([0]) }),
        ("nothing of what it owns", .invalidRequest, { $0.owned = nil }),
        ("an epoch below all", .invalidRequest, { $0.epoch = -3 }),
        ("a break of a member without instance id", .invalidRequest, { $0.epoch = -2 }),
        (
            "too much", .invalidRequest,
            { $0.topics = Array(repeating: String(repeating: "x", count: 249), count: 3000) }
        ),
        ("an unknown assignor", .unsupportedAssignor, { $0.assignor = "sticky" }),
        (
            "a pattern that is none", .invalidRegularExpression("a group is not closed"),
            { $0.pattern = "(a" }
        ),
    ]

    @Test("refuses a heartbeat that makes no sense", arguments: senseless.indices)
    func refusals(index: Int) throws {
        let (_, error, change) = Self.senseless[index]
        let plant = try SimulatedBroker()
        var request = World.joining("a")
        change(&request)
        let answer = Answer<Result<ConsumerHeartbeatAnswer, GroupError>>()
        plant.broker.groups.heartbeat(request) { answer($0) }
        #expect(answer.now == .failure(error))
        #expect(plant.broker.groups.list().isEmpty)
    }

    @Test("has room for so many members and no more")
    func room() throws {
        var settings = GroupSettings()
        settings.mostMembers = 1
        var world = World(settings)
        _ = try world.heartbeat(World.joining("a"))
        #expect(world.refusal(World.joining("b")) == .groupMaxSizeReached)
        #expect(try world.heartbeat(World.joining("a")).epoch == 1)
    }
}
