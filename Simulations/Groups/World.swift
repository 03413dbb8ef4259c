import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// One group, its broker, and consumers that come, work, stop for a while, and go; everything from one seed.
struct World {
    static let group = "g"
    static let topic = "t"

    var random: SeededGenerator
    let clock = SimulatedClock()
    let journal = SimulatedJournal()
    var coordinator: GroupCoordinator
    var offsets = CommittedOffsets()
    let settings: GroupSettings
    let assignor: Assignor
    let partitionCount: Int32
    var consumers: [Consumer] = []
    var nextProcess = 0
    var ledger = Ledger()
    var totals = Totals()
    let traces: Bool
    /// Numbers for member ids; they must never come twice, so they are drawn apart.
    private let ids: @Sendable () -> UInt64
    /// Commits that were taken and are on their way to the disk: what they were, once synced.
    let synced = Synced()
    let turns = Turns()

    final class Synced: Sendable {
        struct Commit: Sendable {
            let offsets: [Int32: Int64]
            let isSeek: Bool
            let isStored: Bool
        }
        private let commits = Mutex<[Commit]>([])
        func add(_ commit: Commit) { commits.withLock { $0.append(commit) } }
        func take() -> [Commit] {
            commits.withLock { commits in
                defer { commits = [] }
                return commits
            }
        }
    }

    init(seed: UInt64, traces: Bool) {
        random = SeededGenerator(seed: seed)
        self.traces = traces
        assignor = random.element(of: Assignor.allCases)
        partitionCount = Int32(random.within(1...5))
        var settings = GroupSettings()
        if random.chance(300) { settings.firstRebalanceDelay = .seconds(3) }
        self.settings = settings
        let numbers = Numbers(random.fork())
        ids = { numbers.next() }
        coordinator = GroupCoordinator(
            settings: settings, journal: journal, offsets: offsets, groups: [:], clock: clock.logClock, random: ids,
            partitionExists: { _ in true }, topics: { TopicImage() })
        for _ in 0..<random.within(1...4) { spawn() }
    }

    private final class Numbers: Sendable {
        private let generator: Mutex<SeededGenerator>
        init(_ generator: SeededGenerator) { self.generator = Mutex(generator) }
        func next() -> UInt64 { generator.withLock { $0.next() } }
    }

    func trace(_ text: @autoclosure () -> String) {
        if traces { print("  \(clock.now): \(text())") }
    }

    mutating func spawn(instance: String? = nil) {
        let instance = instance ?? (random.chance(300) ? "i\(random.below(2))" : nil)
        consumers.append(
            Consumer(
                process: nextProcess, instance: instance, isTwoStep: random.chance(700),
                supportsSkipping: random.chance(700)))
        trace("consumer \(nextProcess) starts\(instance.map { " as \($0)" } ?? "")")
        nextProcess += 1
    }

    // MARK: A sequence

    /// Plays the seed's sequence.
    mutating func run() -> Violation? {
        do throws(Violation) {
            for _ in 0..<random.within(20...120) {
                try event()
                totals.events += 1
            }
            try settle()
            totals.generations += ledger.generations.count
            return nil
        } catch {
            return error
        }
    }

    private mutating func event() throws(Violation) {
        let die = random.below(1000)
        switch die {
        case ..<640: try act(random.below(consumers.count))
        case ..<790:
            journal.syncNext()
            try settleCommits()
        case ..<900: try pass(milliseconds: Int64(random.within(10...4000)))
        case ..<925: try pass(milliseconds: Int64(random.within(4000...25_000)))
        case ..<945: try restart()
        case ..<955: try failWrites()
        case ..<965:
            if consumers.count < 6 { spawn() }
        case ..<980: kill(random.below(consumers.count))
        case ..<992: pause(random.below(consumers.count))
        default: try seek()
        }
    }

    private mutating func pass(milliseconds: Int64) throws(Violation) {
        clock.advance(milliseconds: milliseconds)
        // A timer may ring late.
        if random.chance(800) { coordinator.fireTimers() }
        try settleCommits()
    }

    private mutating func restart() throws(Violation) {
        totals.restarts += 1
        let log = journal.crash(keeping: random.below(journal.pendingCount + 1))
        _ = synced.take()
        var table = OffsetTable()
        var groups: [String: GroupMetadata] = [:]
        for (place, record) in log.enumerated() {
            guard case .record(let stored) = GroupRecord.decode(key: record.key, value: record.value) else {
                throw Violation("a record does not come back: \(record)")
            }
            switch stored {
            case .offset(let record): table.apply(record, at: Offset(Int64(place)))
            case .group(let record): groups[record.group] = record.metadata
            case .consumerGroup: break
            }
        }
        offsets = CommittedOffsets(table)
        coordinator = GroupCoordinator(
            settings: settings, journal: journal, offsets: offsets, groups: groups, clock: clock.logClock, random: ids,
            partitionExists: { _ in true }, topics: { TopicImage() })
        trace(
            "the broker restarts: \(coordinator.describe(Self.group).state.rawValue) \(groups[Self.group]?.generation ?? 0)"
        )
        var found: [Int32: Int64] = [:]
        for (partition, offset) in table.offsets(of: Self.group) { found[partition.partition] = offset.offset.rawValue }
        try ledger.restart(found)
        // Connections are gone: whoever waited asks again.
        for place in consumers.indices {
            consumers[place].commits.forget()
            switch consumers[place].phase {
            case .joining, .syncing: consumers[place].phase = .out
            default: break
            }
        }
    }

    private mutating func failWrites() throws(Violation) {
        totals.failedWrites += 1
        trace("the disk fails")
        let refuses = random.chance(300)
        journal.setRefusing(refuses)
        journal.fail(keeping: random.below(journal.pendingCount + 1))
        try settleCommits()
        if refuses {
            for _ in 0..<3 { try act(random.below(consumers.count)) }
            journal.setRefusing(false)
        }
    }

    private mutating func kill(_ place: Int) {
        totals.kills += 1
        let dead = consumers.remove(at: place)
        trace("consumer \(dead.process) is killed")
        if dead.instance != nil, random.chance(700) { spawn(instance: dead.instance) }
        if consumers.isEmpty { spawn() }
    }

    private mutating func pause(_ place: Int) {
        totals.pauses += 1
        consumers[place].pausedUntil = clock.now + .milliseconds(random.within(1000...40_000))
        trace("consumer \(consumers[place].process) is stopped")
        // Somebody sees that it is silent and starts another.
        if let instance = consumers[place].instance, random.chance(500), consumers.count < 6 {
            spawn(instance: instance)
        }
    }

    private mutating func seek() throws(Violation) {
        let partition = Int32(random.below(Int(partitionCount)))
        let offset = Int64(random.below(40))
        try commit([partition: offset], membership: nil, process: -1)
    }
}
