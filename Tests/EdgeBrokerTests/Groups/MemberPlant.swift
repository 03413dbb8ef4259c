import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

/// A group `g` of a member in the process and of others, whose requests the test sends. Timers ring, and the disk syncs, when it says so.
final class MemberPlant: Sendable {
    /// What the member in the process has come to.
    final class Reader: Sendable {
        private let state = Mutex<(errors: [BrokerError], isDone: Bool, task: Task<Void, Never>?)>(([], false, nil))

        var errors: [BrokerError] { state.withLock(\.errors) }
        var isDone: Bool { state.withLock(\.isDone) }

        func note(_ error: BrokerError) { state.withLock { $0.errors.append(error) } }
        func finish() { state.withLock { $0.isDone = true } }
        func hold(_ task: Task<Void, Never>) { state.withLock { $0.task = task } }
        func cancel() { state.withLock(\.task)?.cancel() }
    }

    private final class Bells: Sendable {
        private let waiting = Mutex<[@Sendable () -> Void]>([])

        func add(_ body: @escaping @Sendable () -> Void) { waiting.withLock { $0.append(body) } }

        func ring() {
            let due = waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
            for body in due { body() }
        }
    }

    let broker: Broker
    private let bells = Bells()

    /// With a topic `orders` of three partitions.
    init() async throws {
        let disk = SimulatedDisk(seed: 1)
        try disk.createDirectory("/data")
        let numbers = SeededNumbers(1)
        let bells = bells
        broker = try Broker(
            LogDirectoryConfiguration(path: "/data"), disk: disk, clock: SimulatedClock().logClock,
            random: { numbers.next() }, timers: Timers { _, body in bells.add(body) })
        try await broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 3))
    }

    var state: GroupState { broker.groups.describe("g").state }
    var generation: Int32 { broker.groups.describe("g").generation }

    /// Every timer has rung, and the disk has synced everything.
    func step() async {
        bells.ring()
        broker.directory.runCommitRound()
        // Other tasks do something, too.
        await Task.yield()
    }

    func until(
        _ condition: () -> Bool, at location: SourceLocation = #_sourceLocation
    ) async {
        var patience = Patience()
        while patience.lasts() {
            if condition() { return }
            await step()
        }
        Issue.record("It never comes to this", sourceLocation: location)
    }

    /// Has a member in the process read until `body` ends, from when it is alone in the group. After an error it asks for one more batch.
    func reading(
        as instanceID: String? = nil, _ body: (Consumer, Reader) async throws -> Void
    ) async throws {
        var configuration = ConsumerConfiguration()
        configuration.instanceID = instanceID
        let reader = Reader()
        try await broker.withConsumer(group: "g", topics: ["orders"], configuration) { consumer in
            let task = Task {
                for _ in 0..<2 {
                    do throws(BrokerError) {
                        for try await _ in consumer.batches {}
                    } catch {
                        reader.note(error)
                    }
                }
                reader.finish()
            }
            reader.hold(task)
            await until { state == .stable && consumer.assignment.count == 3 }
            try await body(consumer, reader)
            task.cancel()
            await task.value
        }
        await broker.close()
    }

    // MARK: The others

    func request(_ client: String) -> JoinRequest {
        var request = GroupWorld.request(
            client, protocols: [GroupProtocol("range", ConsumerSubscription(topics: ["orders"]).encoded())])
        request.sessionTimeout = .seconds(45)
        return request
    }

    func ask(_ client: String) -> Answer<Result<JoinAnswer, GroupError>> { ask(request(client)) }

    func ask(_ request: JoinRequest) -> Answer<Result<JoinAnswer, GroupError>> {
        let answer = Answer<Result<JoinAnswer, GroupError>>()
        broker.groups.join(request) { answer($0) }
        return answer
    }

    func sync(_ joined: JoinAnswer) {
        broker.groups.sync(SyncRequest(group: "g", membership: joined.membership, assignments: [])) { _ in }
    }

    /// Joins and waits until the group is stable in this generation.
    func join(_ client: String, becoming generation: Int32) async throws -> JoinAnswer {
        let answer = ask(client)
        await until { answer.now != nil }
        let joined = try #require(answer.now).get()
        sync(joined)
        await until { state == .stable && self.generation == generation }
        return joined
    }
}
