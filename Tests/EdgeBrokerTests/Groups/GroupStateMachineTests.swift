import EdgeBroker
import RecordFormat
import Testing

@Suite("A consumer group")
struct GroupStateMachineTests {
    private let a = GroupWorld.request("a")
    private let b = GroupWorld.request("b")

    @Test("gives its first member an id first, and forgets the id if it is not used within the session timeout")
    func twoSteps() throws {
        var world = GroupWorld()
        let first = world.join(GroupWorld.request("a", twoSteps: true))
        #expect(world.refusal(first) == .memberIDRequired("a1") && !world.machine.isForgettable)
        world.pass(.seconds(9))
        let second = world.join(GroupWorld.request("a", id: "a1", twoSteps: true))
        #expect(world.joined(second)?.memberID == "a1")
        let late = world.join(GroupWorld.request("b", twoSteps: true))
        world.pass(.seconds(10))
        #expect(world.refusal(late) == .memberIDRequired("b3"))
        let tooLate = world.join(GroupWorld.request("b", id: "b3", twoSteps: true))
        #expect(world.refusal(tooLate) == .unknownMemberID)
    }

    @Test("answers a sync once the leader's decision is written, and not before")
    func syncIsWritten() throws {
        var world = GroupWorld()
        let token = world.join(a)
        let answer = try #require(world.joined(token))
        #expect(answer.generation == 1 && answer.isLeader && answer.protocolName == "range")
        #expect(answer.members == [JoinAnswer.Member(memberID: "a1", metadata: [1])])
        let sync = world.sync(answer, ["a1": [7], "nobody": [8]])
        #expect(world.assignment(sync) == nil && world.machine.state == .completingRebalance)
        #expect(world.lastRecord?.members.map(\.assignment) == [[7]] && world.lastRecord?.generation == 1)
        world.write()
        #expect(world.assignment(sync) == [7] && world.machine.state == .stable)
        #expect(world.heartbeat(answer) == nil && world.commit(answer) == nil)
    }

    @Test(
        "goes on after an eviction during a sync, whether its record is written before the next member or after",
        arguments: [true, false])
    func evictionDuringSync(isWrittenFirst: Bool) throws {
        var world = GroupWorld()
        let firstJoin = world.join(a)
        let first = try #require(world.joined(firstJoin))
        let late = world.sync(first, [first.memberID: [1]])
        world.evict()
        #expect(world.refusal(late) == .unknownMemberID && world.machine.state == .empty)
        if isWrittenFirst { world.write() }
        let secondJoin = world.join(b)
        let second = try #require(world.joined(secondJoin))
        world.write()
        #expect(world.machine.state == .completingRebalance)
        let sync = world.sync(second, [second.memberID: [2]])
        world.write()
        #expect(world.assignment(sync) == [2] && world.machine.state == .stable)
    }

    @Test("writes only the first word of a leader, who may ask again")
    func oneRecordPerGeneration() throws {
        var world = GroupWorld()
        let token = world.join(a)
        let answer = try #require(world.joined(token))
        let lost = world.sync(answer, ["a1": [7]])
        let again = world.sync(answer, ["a1": [8]])
        #expect(world.writes.count == 1 && world.refusal(lost) == .rebalanceInProgress)
        world.write()
        #expect(world.assignment(again) == [7])
    }

    @Test("has all members join again when one comes, who meanwhile may commit what they have in hand")
    func rebalances() throws {
        var (world, answers) = GroupWorld.stable([a])
        let first = answers[0]
        let new = world.join(b)
        #expect(world.joined(new) == nil && world.heartbeat(first) == .rebalanceInProgress)
        #expect(world.commit(first) == nil)
        var again = a
        again.memberID = first.memberID
        let rejoined = world.join(again)
        let (one, two) = (try #require(world.joined(rejoined)), try #require(world.joined(new)))
        #expect(one.generation == 2 && two.generation == 2 && one.isLeader && two.members.isEmpty)
        #expect(one.members.count == 2 && world.commit(one) == .rebalanceInProgress)
        #expect(world.commit(first) == .illegalGeneration && world.heartbeat(first) == .illegalGeneration)
        let follower = world.sync(two)
        let leader = world.sync(one, [one.memberID: [1], two.memberID: [2]])
        world.write()
        #expect(world.assignment(leader) == [1] && world.assignment(follower) == [2])
    }

    @Test("goes on without a member that does not join again within the rebalance timeout")
    func laggard() throws {
        var (world, answers) = GroupWorld.stable([a])
        let new = world.join(b)
        for _ in 0..<6 {
            #expect(world.joined(new) == nil)
            #expect(world.heartbeat(answers[0]) == .rebalanceInProgress)
            world.pass(.seconds(10) - .milliseconds(1))
        }
        world.pass(.milliseconds(6))
        let answer = try #require(world.joined(new))
        #expect(answer.isLeader && answer.members.count == 1)
        #expect(world.commit(answers[0]) == .unknownMemberID)
    }

    @Test("loses a silent member exactly when its session is over", arguments: [1, 5])
    func silentMember(heartbeats: Int) throws {
        var (world, answers) = GroupWorld.stable([a, b])
        for _ in 0..<heartbeats {
            world.pass(.seconds(10) - .milliseconds(1))
            for answer in answers { #expect(world.heartbeat(answer) == nil) }
        }
        world.pass(.seconds(9))
        #expect(world.heartbeat(answers[0]) == nil)
        world.pass(.seconds(1) - .milliseconds(1))
        #expect(world.machine.state == .stable)
        world.pass(.milliseconds(1))
        #expect(world.machine.state == .preparingRebalance)
        #expect(world.heartbeat(answers[1]) == .unknownMemberID && world.commit(answers[1]) == .unknownMemberID)
        #expect(world.heartbeat(answers[0]) == .rebalanceInProgress)
    }

    @Test("does not ask a sign of life of a member that waits for an answer")
    func excused() throws {
        var (world, answers) = GroupWorld.stable([a, b])
        var again = a
        again.memberID = answers[0].memberID
        let waiting = world.join(again)
        world.pass(.seconds(9))
        #expect(world.heartbeat(answers[1]) == .rebalanceInProgress)
        world.pass(.seconds(9))
        again = b
        again.memberID = answers[1].memberID
        _ = world.join(again)
        #expect(world.joined(waiting)?.members.count == 2)
    }

    @Test("loses a member that joined and never asked for its part")
    func neverSynced() throws {
        var (world, answers) = GroupWorld.stable([a])
        let new = world.join(b)
        var again = a
        again.memberID = answers[0].memberID
        let rejoined = world.join(again)
        let leader = try #require(world.joined(rejoined))
        _ = world.sync(leader, [leader.memberID: [1]])
        world.write()
        let absent = try #require(world.joined(new))
        for _ in 0..<10 {
            world.pass(.seconds(6))
            _ = (world.heartbeat(leader), world.heartbeat(absent))
        }
        #expect(world.heartbeat(absent) == .unknownMemberID && world.machine.state == .preparingRebalance)
    }

    @Test("gives a static member its part back under a new id, without a rebalance, and fences the old one")
    func staticMember() throws {
        let requests = [GroupWorld.request("a", instance: "i"), b]
        var (world, answers) = GroupWorld.stable(requests)
        let back = world.join(requests[0])
        #expect(world.joined(back) == nil && world.writes.count == 1)
        let old = Membership(memberID: answers[0].memberID, generation: answers[0].generation, instanceID: "i")
        #expect(world.machine.heartbeat(old, now: world.now) == .fencedInstanceID)
        #expect(world.machine.checkCommit(old, now: world.now) == .fencedInstanceID)
        world.write()
        let answer = try #require(world.joined(back))
        #expect(answer.generation == answers[0].generation && answer.skipsAssignment && answer.isLeader)
        #expect(answer.members.count == 2 && answer.memberID != answers[0].memberID)
        #expect(world.heartbeat(answers[1]) == nil)
        let sync = world.sync(Membership(memberID: answer.memberID, generation: answer.generation, instanceID: "i"))
        #expect(world.assignment(sync) == [0])
    }

    @Test("rebalances for a static member that comes back before it could give up what it was not given again")
    func staticMemberThatHadToGiveUp() throws {
        let partitions = [0, 1].map { TopicPartition(topic: "orders", partition: $0) }
        let subscription = ConsumerSubscription(topics: ["orders"], ownedPartitions: partitions, generation: 1)
        let request = GroupWorld.request(
            "a", instance: "i", protocols: [GroupProtocol("cooperative-sticky", subscription.encoded())])
        var world = GroupWorld()
        let token = world.join(request)
        let answer = try #require(world.joined(token))
        let given = ConsumerAssignment([partitions[0]]).encoded()
        _ = world.sync(
            Membership(memberID: answer.memberID, generation: 1, instanceID: "i"),
            [SyncRequest.Assignment(memberID: answer.memberID, given)])
        world.write()
        #expect(world.machine.state == .stable)
        let back = world.join(request)
        #expect(world.joined(back)?.generation == 2 && world.joined(back)?.skipsAssignment == false)
    }

    @Test("has written that it is empty before anybody commits past it")
    func emptiness() throws {
        var (world, answers) = GroupWorld.stable([a])
        #expect(world.leave([LeavingMember(memberID: answers[0].memberID)]) == [nil])
        #expect(world.machine.unwrittenRecord == nil)
        world.write(failing: .coordinatorNotAvailable)
        #expect(world.machine.unwrittenRecord?.members.isEmpty == true)
        #expect(world.machine.wrote(.empty(2), nil, now: world.now).isEmpty)
        #expect(world.machine.unwrittenRecord == nil)
    }

    @Test("does not tell a static leader that it leads if it could not be told to leave things as they are")
    func staticLeaderWithoutSkipping() throws {
        let request = GroupWorld.request("a", instance: "i", skipping: false)
        var (world, answers) = GroupWorld.stable([request, b])
        let back = world.join(request)
        world.write()
        let answer = try #require(world.joined(back))
        #expect(!answer.isLeader && answer.leader == answers[0].memberID && answer.members.isEmpty)
    }

    @Test("keeps a static member that is away until its session is over, or an administrator removes it")
    func staticAbsence() throws {
        let request = GroupWorld.request("a", instance: "i")
        var (world, answers) = GroupWorld.stable([request, b])
        #expect(world.leave([LeavingMember(memberID: "", instanceID: "none")]) == [.unknownMemberID])
        #expect(world.machine.state == .stable)
        #expect(world.leave([LeavingMember(memberID: "", instanceID: "i")]) == [nil])
        #expect(world.heartbeat(answers[1]) == .rebalanceInProgress)
    }

    @Test("is empty, with its generation, when the last member leaves")
    func empty() throws {
        var (world, answers) = GroupWorld.stable([a])
        #expect(world.leave([LeavingMember(memberID: answers[0].memberID)]) == [nil])
        #expect(world.machine.state == .empty && world.lastRecord?.members.isEmpty == true)
        #expect(world.lastRecord?.generation == 2 && world.lastRecord?.protocolName == nil)
        #expect(world.machine.checkCommit(nil, now: world.now) == nil)
        #expect(world.commit(answers[0]) == .unknownMemberID)
    }

    @Test("waits for more members at first if it is told to, as long as they come")
    func firstRebalanceDelay() throws {
        var settings = GroupSettings()
        settings.firstRebalanceDelay = .seconds(3)
        var world = GroupWorld(settings)
        let first = world.join(a)
        world.pass(.seconds(2))
        let second = world.join(b)
        world.pass(.seconds(3))
        #expect(world.joined(first) == nil)
        world.pass(.seconds(3))
        #expect(world.joined(first)?.members.count == 2 && world.joined(second)?.generation == 1)
    }

    @Test("refuses what does not fit", arguments: [false, true])
    func refusals(hasMembers: Bool) throws {
        var settings = GroupSettings()
        settings.mostMembers = 2
        var (world, answers) = GroupWorld.stable(hasMembers ? [a, b] : [], settings)
        func error(_ request: JoinRequest) -> GroupError? {
            var copy = world
            let token = copy.join(request)
            return copy.refusal(token)
        }
        #expect(error(GroupWorld.request("c", session: .seconds(6) - .milliseconds(1))) == .invalidSessionTimeout)
        #expect(error(GroupWorld.request("c", session: .seconds(1801))) == .invalidSessionTimeout)
        #expect(error(GroupWorld.request("c", id: "x")) == (hasMembers ? .groupMaxSizeReached : .unknownMemberID))
        #expect(error(GroupWorld.request("c")) == (hasMembers ? .groupMaxSizeReached : nil))
        #expect(
            error(GroupWorld.request("c", protocols: []))
                == (hasMembers ? .groupMaxSizeReached : .inconsistentGroupProtocol))
        guard hasMembers else { return }
        let id = answers[0].memberID
        #expect(
            error(GroupWorld.request("a", id: id, protocols: [GroupProtocol("x", [])])) == .inconsistentGroupProtocol)
        #expect(error(GroupWorld.request("a", id: id, instance: "i")) == .unknownMemberID)
        let wrong = world.sync(Membership(memberID: id, generation: 9))
        #expect(world.refusal(wrong) == .illegalGeneration)
        #expect(world.machine.checkCommit(nil, now: world.now) == .unknownMemberID)
        #expect(world.machine.checkCommit(nil, isTransactional: true, now: world.now) == nil)
    }

    @Test("votes for the protocol that most members prefer among those that all have")
    func votes() throws {
        func request(_ name: String, _ protocols: [String]) -> JoinRequest {
            GroupWorld.request(name, protocols: protocols.map { GroupProtocol($0, Array($0.utf8)) })
        }
        let (world, answers) = GroupWorld.stable([
            request("a", ["own", "range", "sticky"]), request("b", ["sticky", "range"]),
            request("c", ["sticky", "range"]),
        ])
        #expect(answers.map(\.protocolName) == ["sticky", "sticky", "sticky"])
        #expect(world.machine.description.members.map(\.metadata) == Array(repeating: Array("sticky".utf8), count: 3))
    }

    @Test("begins another rebalance if the log does not take what the leader decided")
    func failedWrite() throws {
        var world = GroupWorld()
        let token = world.join(a)
        let answer = try #require(world.joined(token))
        let sync = world.sync(answer, ["a1": [7]])
        let error = GroupError.coordinatorNotAvailable
        world.write(failing: error)
        #expect(world.refusal(sync) == error && world.machine.state == .preparingRebalance)
        #expect(world.heartbeat(answer) == .rebalanceInProgress)
    }

    @Test("is as it was after a restart, and every member has a whole session")
    func replays() throws {
        let requests = [GroupWorld.request("a", instance: "i"), b]
        let (world, answers) = GroupWorld.stable(requests)
        var again = GroupStateMachine(group: "g", settings: GroupSettings())
        again.replay(try #require(world.lastRecord))
        let start = Duration.seconds(5)
        again.start(now: start)
        #expect(again.state == .stable && again.description == world.machine.description)
        let second = Membership(memberID: answers[1].memberID, generation: answers[1].generation)
        #expect(again.expire(now: start + .seconds(10) - .milliseconds(1)).isEmpty)
        #expect(again.heartbeat(second, now: start + .seconds(9)) == nil)
        _ = again.expire(now: start + .seconds(10))
        #expect(again.state == .preparingRebalance)
        #expect(again.heartbeat(second, now: start + .seconds(10)) == .rebalanceInProgress)
    }
}
