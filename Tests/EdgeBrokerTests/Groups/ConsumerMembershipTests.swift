import EdgeBroker
import RecordFormat
import Synchronization
import Testing

@Suite("Members of a group in one process")
struct ConsumerMembershipTests {
    /// What the members of one test have done, each record by whom.
    private final class Ledger: Sendable {
        private let state = Mutex<[String: [Int: Int]]>([:])
        private let assignments = Mutex<[Int: [TopicPartition]]>([:])

        func note(_ assignment: [TopicPartition], of member: Int) {
            assignments.withLock { $0[member] = assignment }
        }

        var assigned: [TopicPartition] { assignments.withLock { $0.values.flatMap(\.self) } }
        /// Three members have two partitions each.
        var isEven: Bool { assignments.withLock { $0.count == 3 && $0.values.allSatisfy { $0.count == 2 } } }

        func note(_ batch: ConsumerBatch, by member: Int) {
            state.withLock { state in
                for stored in batch.records {
                    state["\(batch.partition)@\(stored.offset)", default: [:]][member, default: 0] += 1
                }
            }
        }

        var count: Int { state.withLock { $0.count } }
        var members: Set<Int> { state.withLock { Set($0.values.flatMap(\.keys)) } }
    }

    private static func configuration(_ assignor: ConsumerConfiguration.Assignor) -> ConsumerConfiguration {
        var configuration = ConsumerConfiguration()
        configuration.assignors = [assignor]
        return configuration
    }

    @Test(
        "divide the partitions; what one leaves another goes on with",
        arguments: ConsumerConfiguration.Assignor.allCases)
    func divide(_ assignor: ConsumerConfiguration.Assignor) async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 6))
            let configuration = Self.configuration(assignor)
            let ledger = Ledger()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for member in 0..<3 {
                    group.addTask {
                        try await broker.withConsumer(group: "mes", topics: ["orders"], configuration) { consumer in
                            for try await batch in consumer.batches {
                                ledger.note(batch, by: member)
                                ledger.note(consumer.assignment, of: member)
                                do throws(BrokerError) {
                                    try await consumer.commit(batch)
                                } catch {
                                    // Another member has the partition, and does these records again.
                                    #expect(error.code == .fenced || error.code == .rebalancing)
                                }
                            }
                        }
                    }
                }
                group.addTask {
                    let producer = try broker.makeProducer()
                    var number = 0
                    // Until each has worked on what two partitions bring.
                    while !ledger.isEven {
                        try await producer.send(
                            Record(key: "\(number)", value: Array("\(number)".utf8)), to: "orders",
                            partition: Int32(number % 6))
                        number += 1
                        await Task.yield()
                    }
                }
                // The producer is the first to end: members read on until they are cancelled.
                try await group.next()
                #expect(Set(ledger.assigned).count == 6 && ledger.assigned.count == 6)
                group.cancelAll()
                try await group.waitForAll()
            }
            // Each has left; the next one has everything.
            let ends = try broker.admin.describe("orders").partitions.map(\.highWatermark.rawValue)
            let committed = broker.committedOffsets(of: "mes")
            let left = try await broker.withConsumer(group: "mes", topics: ["orders"], configuration) { consumer in
                var left = Int64(0)
                let wanted = ends.reduce(0, +) - committed.values.reduce(0) { $0 + $1.offset.rawValue }
                if wanted == 0 { return left }
                for try await batch in consumer.batches {
                    ledger.note(batch, by: 9)
                    left += Int64(batch.records.count)
                    if left >= wanted { break }
                }
                return left
            }
            #expect(left >= 0 && Int64(ledger.count) == ends.reduce(0, +))
        }
    }

    @Test("cannot commit what another member has taken over")
    func fenced() async throws {
        try await TemporaryBroker.with { broker in
            try await broker.admin.createTopic("orders")
            let partition = TopicPartition(topic: "orders", partition: 0)
            try await broker.append([record("1")], to: partition)
            try await broker.withConsumer(group: "mes", topics: ["orders"]) { consumer in
                var batch: ConsumerBatch?
                for try await next in consumer.batches {
                    batch = next
                    break
                }
                let member = try #require(broker.groups.describe("mes").members.first?.memberID)
                _ = broker.groups.leave("mes", [LeavingMember(memberID: member)])
                let error = await #expect(throws: BrokerError.self) { try await consumer.commit(try #require(batch)) }
                #expect(error?.code == .fenced)
                #expect(broker.committedOffsets(of: "mes").isEmpty)
                // It joins again by itself, and does the records again.
                for try await next in consumer.batches {
                    #expect(next.records.first?.offset == .zero)
                    try await consumer.commit(next)
                    break
                }
                #expect(broker.committedOffsets(of: "mes")[partition]?.offset == Offset(1))
            }
        }
    }

    @Test("reads on in the generation that it has joined, though it waited for others longer than a heartbeat")
    func waiting() async throws {
        let plant = try await MemberPlant()
        try await plant.reading { consumer, reader in
            let slow = try await plant.join("slow", becoming: 2)
            // Somebody new: the member joins again, and waits for the slow one.
            let new = plant.ask("new")
            await plant.until { consumer.assignment.isEmpty }
            for _ in 0..<20 { await plant.step() }
            var again = plant.request("slow")
            again.memberID = slow.memberID
            let joined = plant.ask(again)
            await plant.until { joined.now != nil && new.now != nil }
            let others = [try #require(joined.now).get(), try #require(new.now).get()]
            for other in others { plant.sync(other) }
            await plant.until { plant.state == .stable && !consumer.assignment.isEmpty }
            for _ in 0..<20 { await plant.step() }
            #expect(plant.state == .stable && plant.generation == 3 && consumer.assignment.count == 1)
            for other in others { #expect(plant.broker.groups.heartbeat("g", other.membership) == nil) }
            reader.cancel()
        }
    }

    @Test("ends with an error when another process takes its instance id, and does not take it back")
    func fencedInstance() async throws {
        let plant = try await MemberPlant()
        try await plant.reading(as: "line-1") { _, reader in
            var request = plant.request("other")
            request.instanceID = "line-1"
            let other = plant.ask(request)
            await plant.until { other.now != nil && reader.isDone }
            let member = try #require(other.now).get().memberID
            #expect(plant.broker.groups.describe("g").members.map(\.memberID) == [member])
            #expect(reader.errors.map(\.code) == [.fenced, .fenced])
            reader.cancel()
        }
    }
}
