import EdgeBroker
import LogStore
import RecordFormat

/// A group in the consumer protocol without a log: time, topics and the disk are the test's.
struct ConsumerWorld {
    var machine: ConsumerGroupStateMachine
    private(set) var now = Duration.seconds(1000)
    private var lastToken: UInt64 = 0
    private(set) var answers: [GroupToken: Result<ConsumerHeartbeatAnswer, GroupError>] = [:]
    /// What was asked to be written, and not yet said to be.
    private(set) var writes: [(number: UInt64, records: [GroupRecord])] = []
    /// What the next start would find.
    private(set) var log: [GroupRecord] = []
    var image: TopicImage
    let settings: GroupSettings

    static let orders = Identifier(random: { 0x0101_0101_0101_0101 })

    init(partitions: Int32 = 4, _ settings: GroupSettings = GroupSettings()) {
        self.settings = settings
        machine = ConsumerGroupStateMachine(group: "g", settings: settings)
        image = TopicImage(
            version: 1, topics: ["orders": TopicImage.Topic(id: Self.orders, partitionCount: partitions)])
    }

    /// Partitions of `orders`.
    static func partitions(_ numbers: some Sequence<Int32>) -> Set<GroupPartition> {
        Set(numbers.map { GroupPartition(topic: orders, $0) })
    }

    private mutating func perform(_ actions: [ConsumerGroupAction]) {
        for action in actions {
            switch action {
            case .answer(let token, let result): answers[token] = result
            case .persist(let number, let records): writes.append((number, records))
            }
        }
    }

    mutating func pass(_ time: Duration) {
        now += time
        perform(machine.expire(now: now))
    }

    mutating func send(_ request: ConsumerHeartbeat) -> GroupToken {
        lastToken += 1
        let token = GroupToken(lastToken)
        perform(machine.expire(now: now))
        perform(machine.heartbeat(request, image, token: token, now: now))
        return token
    }

    /// The disk has synced everything, or taken nothing.
    mutating func write(failing error: GroupError? = nil) {
        while !writes.isEmpty {
            let (number, records) = writes.removeFirst()
            if error == nil { log += records }
            perform(machine.wrote(number, error))
        }
    }

    /// What a heartbeat is answered once all is synced.
    mutating func heartbeat(_ request: ConsumerHeartbeat) throws -> ConsumerHeartbeatAnswer {
        let token = send(request)
        write()
        guard let answer = answers[token] else { throw GroupError.coordinatorNotAvailable }
        return try answer.get()
    }

    mutating func refusal(_ request: ConsumerHeartbeat) -> GroupError? {
        let token = send(request)
        write()
        if case .failure(let error)? = answers[token] { return error }
        return nil
    }

    static func joining(
        _ id: String, instance: String? = nil, topics: [String] = ["orders"], pattern: String? = nil,
        rebalance: Duration = .seconds(60), assignor: String? = nil
    ) -> ConsumerHeartbeat {
        var request = ConsumerHeartbeat(
            group: "g", memberID: id, epoch: ConsumerHeartbeat.joins, instanceID: instance)
        (request.topics, request.pattern, request.assignor) = (topics, pattern, assignor)
        (request.rebalanceTimeout, request.owned) = (rebalance, [])
        return request
    }

    static func living(
        _ id: String, _ epoch: Int32, _ owned: some Sequence<Int32>, instance: String? = nil
    ) -> ConsumerHeartbeat {
        var request = ConsumerHeartbeat(group: "g", memberID: id, epoch: epoch, instanceID: instance)
        request.owned = partitions(owned)
        return request
    }

    static func silent(_ id: String, _ epoch: Int32) -> ConsumerHeartbeat {
        ConsumerHeartbeat(group: "g", memberID: id, epoch: epoch)
    }

    /// Begins anew with what the log has.
    mutating func restart() throws {
        var contents = ConsumerGroupContents()
        for record in log {
            if case .record(.consumerGroup(let record)) = GroupRecord.decode(key: record.key, value: record.value) {
                contents.apply(record)
            }
        }
        writes = []
        machine = ConsumerGroupStateMachine(group: "g", settings: settings, replaying: contents, now: now)
    }
}

extension ConsumerHeartbeatAnswer {
    /// What of `orders` it says that the member has.
    var numbers: [Int32]? { assignment.map { $0.map(\.number).sorted() } }
}
