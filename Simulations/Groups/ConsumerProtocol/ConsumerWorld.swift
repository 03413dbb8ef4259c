import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// One group in the consumer protocol, its broker, and consumers that come, work, stop for a while, and go; everything from one seed.
struct ConsumerWorld {
    static let group = "g"
    static let topic = "t"
    static let topicID = Identifier(random: { 0x0102_0304_0506_0708 })
    static let session = Duration.seconds(45)
    static let rebalanceTimeout = Duration.seconds(20)

    var random: SeededGenerator
    let clock = SimulatedClock()
    let journal = SimulatedJournal()
    let topics = Topics()
    let told = Told()
    let synced = Synced()
    var offsets = CommittedOffsets()
    var coordinator: GroupCoordinator
    var consumers: [ProtocolConsumer] = []
    private var nextProcess = 0
    var ledger = PartitionLedger()
    /// What somebody was told is committed.
    var committed: [Int32: Int64] = [:]
    var totals = Totals()
    let traces: Bool

    final class Topics: Sendable {
        private let image = Mutex(TopicImage())
        var now: TopicImage { image.withLock(\.self) }
        var partitionCount: Int32 { now.topics[ConsumerWorld.topic]?.partitionCount ?? 0 }
        func grow(by count: Int32) {
            image.withLock { image in
                let known = image.topics[ConsumerWorld.topic]?.partitionCount ?? 0
                image.version += 1
                image.topics[ConsumerWorld.topic] = TopicImage.Topic(
                    id: ConsumerWorld.topicID, partitionCount: known + count)
            }
        }
    }

    /// Answers in the order in which the broker gave them, those that nobody waits for any more among them.
    final class Told: Sendable {
        struct Answer: Sendable {
            let process: Int
            let reply: ProtocolConsumer.Reply
            let heartbeat: ConsumerHeartbeat
            let sentAt: Duration
            let result: Result<ConsumerHeartbeatAnswer, GroupError>
        }
        private let answers = Mutex<[Answer]>([])
        func add(_ answer: Answer) { answers.withLock { $0.append(answer) } }
        func take() -> [Answer] {
            answers.withLock { answers in
                defer { answers = [] }
                return answers
            }
        }
    }

    /// Commits that are on the disk.
    final class Synced: Sendable {
        private let commits = Mutex<[[Int32: Int64]]>([])
        func add(_ commit: [Int32: Int64]) { commits.withLock { $0.append(commit) } }
        func take() -> [[Int32: Int64]] {
            commits.withLock { commits in
                defer { commits = [] }
                return commits
            }
        }
    }

    init(seed: UInt64, traces: Bool) {
        random = SeededGenerator(seed: seed)
        self.traces = traces
        topics.grow(by: Int32(random.within(1...6)))
        let topics = topics
        coordinator = GroupCoordinator(
            journal: journal, offsets: offsets, groups: [:], clock: clock.logClock, random: { 0 },
            partitionExists: { _ in true }, topics: { topics.now })
        for _ in 0..<random.within(1...4) { spawn() }
    }

    func trace(_ text: @autoclosure () -> String) {
        if traces { print("  \(clock.now): \(text())") }
    }

    mutating func spawn(instance: String? = nil) {
        let instance = instance ?? (random.chance(300) ? "i\(nextProcess)" : nil)
        consumers.append(ProtocolConsumer(process: nextProcess, instance: instance))
        trace("consumer \(nextProcess) starts\(instance.map { " as \($0)" } ?? "")")
        nextProcess += 1
    }

    // MARK: A sequence

    /// Plays the seed's sequence.
    mutating func run() -> Violation? {
        do throws(Violation) {
            for _ in 0..<random.within(20...150) {
                try event()
                totals.events += 1
            }
            try settle()
            totals.grants += ledger.grants
            return nil
        } catch {
            return error
        }
    }

    private mutating func event() throws(Violation) {
        switch random.below(1000) {
        case ..<640: try act(random.below(consumers.count))
        case ..<790: journal.syncNext()
        case ..<900: pass(milliseconds: random.within(10...4000))
        case ..<925: pass(milliseconds: random.within(4000...30_000))
        case ..<945: try restart()
        case ..<955: try failWrites()
        case ..<970: if consumers.count < 6 { spawn() }
        case ..<982: kill(random.below(consumers.count))
        case ..<995: pause(random.below(consumers.count))
        default: if topics.partitionCount < 10 { topics.grow(by: 1) }
        }
        try observe()
    }

    private mutating func pass(milliseconds: Int) {
        clock.advance(milliseconds: Int64(milliseconds))
        // A timer may ring late.
        if random.chance(800) { coordinator.fireTimers() }
    }

    private mutating func kill(_ place: Int) {
        totals.kills += 1
        breakOff(place)
        let dead = consumers.remove(at: place)
        trace("consumer \(dead.process) is killed")
        if let instance = dead.instance, random.chance(700) { spawn(instance: instance) }
        if consumers.isEmpty { spawn() }
    }

    private mutating func pause(_ place: Int) {
        totals.pauses += 1
        consumers[place].pausedUntil = clock.now + .milliseconds(random.within(1000...90_000))
        trace("consumer \(consumers[place].process) is stopped")
    }

    private mutating func failWrites() throws(Violation) {
        totals.failedWrites += 1
        trace("the disk fails")
        let refuses = random.chance(300)
        journal.setRefusing(refuses)
        journal.fail(keeping: random.below(journal.pendingCount + 1))
        if refuses {
            for _ in 0..<3 {
                try act(random.below(consumers.count))
                try observe()
            }
            journal.setRefusing(false)
        }
    }

    private mutating func restart() throws(Violation) {
        totals.restarts += 1
        try observe()
        let log = journal.crash(keeping: random.below(journal.pendingCount + 1))
        var table = OffsetTable()
        var contents = ConsumerGroupContents()
        for (place, record) in log.enumerated() {
            switch GroupRecord.decode(key: record.key, value: record.value) {
            case .record(.offset(let record)): table.apply(record, at: Offset(Int64(place)))
            case .record(.consumerGroup(let record)): contents.apply(record)
            case .record(.group): break
            case .other, .malformed: throw Violation("a record does not come back: \(record)")
            }
        }
        offsets = CommittedOffsets(table)
        let topics = topics
        coordinator = GroupCoordinator(
            journal: journal, offsets: offsets, groups: [:],
            consumerGroups: contents == ConsumerGroupContents() ? [:] : [Self.group: contents], clock: clock.logClock,
            random: { 0 }, partitionExists: { _ in true }, topics: { topics.now })
        trace("the broker restarts: epoch \(contents.epoch), \(contents.members.count) members")
        let found = table.offsets(of: Self.group)
        for (partition, known) in committed {
            let offset = found[TopicPartition(topic: Self.topic, partition: partition)]?.offset.rawValue ?? -1
            if offset < known {
                throw Violation("after a restart partition \(partition) is committed up to \(offset), was \(known)")
            }
        }
        // Connections are gone: whoever waited asks again, and tells all.
        for place in consumers.indices {
            consumers[place].commits.forget()
            breakOff(place)
        }
    }

    // MARK: The laws

    /// Looks at what the broker has answered and synced meanwhile.
    mutating func observe() throws(Violation) {
        for offsets in synced.take() {
            for (partition, offset) in offsets {
                if let known = committed[partition], offset < known {
                    throw Violation(
                        "the committed offset of partition \(partition) went from \(known) back to \(offset)")
                }
                committed[partition] = offset
            }
        }
        for answer in told.take() {
            let isAwaited = consumers.contains { $0.request?.reply === answer.reply }
            switch answer.result {
            case .success where !isAwaited: ledger.couldNotTell(answer.process, requestedAt: answer.sentAt)
            case .success(let told):
                if told.epoch >= 0, told.epoch < answer.heartbeat.epoch {
                    throw Violation(
                        "consumer \(answer.process) came in \(answer.heartbeat.epoch) and is in \(told.epoch)")
                }
                let assigned = told.assignment.map { Set($0.map(\.number)) }
                trace(
                    "consumer \(answer.process) is told epoch \(told.epoch), \(assigned.map { "\($0.sorted())" } ?? "as before")"
                )
                try ledger.tell(answer.process, has: assigned, requestedAt: answer.sentAt, now: clock.now)
            case .failure(.notStored): ledger.couldNotTell(answer.process, requestedAt: answer.sentAt)
            case .failure(let error): trace("consumer \(answer.process) is refused: \(error)")
            }
        }
    }
}
