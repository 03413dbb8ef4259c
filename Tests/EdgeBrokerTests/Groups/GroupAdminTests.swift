import EdgeBroker
import LogStore
import RecordFormat
import Synchronization
import Testing

@Suite("Administration of groups")
struct GroupAdminTests {
    private let first = TopicPartition(topic: "orders", partition: 0)
    private let second = TopicPartition(topic: "orders", partition: 1)

    /// Ten records at 0, 1000, 2000, … ms in partition 0; group `g` has done four.
    private func plant() async throws -> SimulatedBroker {
        let plant = try SimulatedBroker()
        try await plant.broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
        for number in 0..<10 {
            var builder = RecordBatchBuilder()
            builder.append(
                key: nil, value: [1], headers: [], timestamp: Timestamp(millisecondsSince1970: Int64(number) * 1000))
            let batch = builder.finish()
            try plant.directory.stage(Append([Append.Batch(batch, to: plant.partition(first))]) { _ in })
        }
        try plant.broker.commitOffsetsNow(group: "g", [first: CommittedOffset(Offset(4))]) { _ in }
        plant.directory.runCommitRound()
        return plant
    }

    @Test("shows what is not done yet, and who is at it")
    func lag() async throws {
        let plant = try await plant()
        let lag = try plant.broker.admin.lag(of: "g")
        #expect(lag.map(\.partition) == [first] && lag.map(\.lag) == [6] && lag.map(\.highWatermark) == [Offset(10)])
        let member = try join(plant)
        let assignment = ConsumerAssignment([second, first]).encoded()
        plant.broker.groups.sync(
            SyncRequest(
                group: "g", membership: member.membership,
                assignments: [SyncRequest.Assignment(memberID: member.memberID, assignment)])
        ) { _ in }
        plant.directory.runCommitRound()
        let group = try plant.broker.admin.describeGroup("g")
        #expect(group.state == .stable && group.assignor == "range" && group.generation == 1)
        #expect(group.members.map(\.partitions) == [[first, second]])
        let both = try plant.broker.admin.lag(of: "g")
        #expect(both.map(\.lag) == [6, nil] && both.map(\.memberID) == [member.memberID, member.memberID])
        #expect(plant.broker.admin.groups().map(\.name) == ["g"])
        #expect(throws: BrokerError.self) { try plant.broker.admin.lag(of: "none") }
    }

    private static let targets: [(OffsetReset, Int64)] = [
        (.earliest, 0), (.latest, 10), (.offset(Offset(7)), 7), (.offset(Offset(10)), 10),
        (.time(Timestamp(millisecondsSince1970: 2500)), 3), (.time(Timestamp(millisecondsSince1970: 99_000)), 10),
        (.shift(-3), 1), (.shift(-30), 0), (.shift(2), 6), (.shift(.max), 10), (.shift(.min), 0),
    ]

    @Test("moves a group by offset, time, start, end and shift, and shows it first", arguments: targets)
    func resets(reset: OffsetReset, target: Int64) async throws {
        let plant = try await plant()
        let preview = try plant.broker.admin.previewSeek(group: "g", to: reset)
        #expect(preview.map(\.to) == [Offset(target)] && preview.map(\.from) == [Offset(4)])
        #expect(plant.broker.committedOffsets(of: "g")[first]?.offset == Offset(4))
        let broker = plant.broker
        async let moves = broker.admin.seek(group: "g", to: reset)
        // The seek is staged by another task; a round commits it once it is there.
        for _ in 0..<100_000 where broker.committedOffsets(of: "g")[first]?.offset != Offset(target) {
            plant.directory.runCommitRound()
            await Task.yield()
        }
        #expect(try await moves == preview)
    }

    @Test("refuses an offset that is not there, a shift from nowhere, and to move a group that has members")
    func refusals() async throws {
        let plant = try await plant()
        let admin = plant.broker.admin
        #expect(code { _ = try admin.previewSeek(group: "g", to: .offset(Offset(11))) } == .offsetOutOfRange)
        #expect(code { _ = try admin.previewSeek(group: "g", [second], to: .shift(1)) } == .offsetOutOfRange)
        #expect(code { _ = try admin.previewSeek(group: "none", to: .latest) } == .unknownGroup)
        let unknown = TopicPartition(topic: "orders", partition: 9)
        #expect(code { _ = try admin.previewSeek(group: "g", [unknown], to: .latest) } == .unknownTopic)
        let member = try join(plant)
        let error = await #expect(throws: BrokerError.self) { try await admin.seek(group: "g", to: .earliest) }
        #expect(error?.code == .groupInUse)
        let deletion = await #expect(throws: BrokerError.self) { try await admin.deleteGroup("g") }
        #expect(deletion?.code == .groupInUse)
        try admin.evictMembers(of: "g")
        #expect(plant.broker.groups.heartbeat("g", member.membership) == .unknownMemberID)
        #expect(try admin.describeGroup("g").state == .empty)
    }

    private func code(_ body: () throws -> Void) -> BrokerError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? BrokerError)?.code
        }
    }

    private func join(_ plant: SimulatedBroker) throws -> JoinAnswer {
        let answer = Answer<Result<JoinAnswer, GroupError>>()
        plant.broker.groups.join(GroupWorld.request("a")) { answer($0) }
        return try #require(answer.now).get()
    }
}
