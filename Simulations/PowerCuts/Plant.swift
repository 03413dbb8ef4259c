import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// One seed: one plant through several lives of its broker, with everything that was promised to it. A ``branch()`` of it is the same
/// plant from a moment on at which power was lost.
///
/// Used by one thread. `@unchecked Sendable` because the log's completions and the disk's hooks, which are `@Sendable`, write
/// here; they run on that thread too, inside a call that it makes.
final class Plant: @unchecked Sendable {
    static let directory = "/plant/data"
    static let slot = "mes_p01"

    let scenario: Scenario
    let factory: RecordFactory
    let clock: SimulatedClock
    var generator: SeededGenerator
    /// Sorted by name.
    var partitions: [PartitionLedger] = []
    var source = SourceLedger()
    var groups = GroupLedger()
    /// Ids of topics whose creation was acknowledged or seen.
    var topicIDs: [String: String] = [:]
    /// Topics whose creation was tried: they may be there.
    var attempted: Set<String> = []
    /// Counts lives.
    var life = 0
    var totals = Totals()
    /// The first broken promise.
    private(set) var violation: Violation?
    /// Whoever looks for the cause of a failure sees what is done to files whose path contains this.
    var trace: String?
    private var lastNumber = 0
    private var lastLSN: UInt64 = 0x100_0000
    private var lastCommit = 0

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        scenario = Scenario(&generator)
        factory = RecordFactory(seed: seed)
        clock = SimulatedClock()
        self.generator = generator
    }

    private init(branchOf trunk: Plant) {
        scenario = trunk.scenario
        factory = trunk.factory
        clock = trunk.clock.fork()
        generator = trunk.generator.fork()
        partitions = trunk.partitions
        source = trunk.source
        groups = trunk.groups
        topicIDs = trunk.topicIDs
        attempted = trunk.attempted
        life = trunk.life
        lastNumber = trunk.lastNumber
        lastLSN = trunk.lastLSN
        lastCommit = trunk.lastCommit
    }

    /// The same plant with everything that was promised to it, which goes its own way from here.
    func branch() -> Plant { Plant(branchOf: self) }

    func fail(_ violation: Violation) { if self.violation == nil { self.violation = violation } }

    /// - Parameter isClean: the life before has ended so; `nil`: it may have.
    func beginLife(isClean: Bool?) {
        life += 1
        for place in partitions.indices { partitions[place].epochs.beginLife(isClean: isClean) }
    }

    // MARK: Ledgers

    func place(of name: TopicPartition) -> Int? { partitions.firstIndex { $0.name == name } }

    func add(_ ledger: PartitionLedger) {
        if place(of: ledger.name) != nil { return }
        partitions.append(ledger)
        partitions.sort { "\($0.name)" < "\($1.name)" }
    }

    /// How the records of a topic from outside are kept.
    func keeping(of topic: String) -> Keeping {
        scenario.topics.first { $0.name == topic }?.keeping ?? Keeping(.everything)
    }

    /// A batch of new records that is to be appended at `base`.
    func newBatch(at base: Int, isKeyed: Bool = false) -> PartitionLedger.Batch {
        let count = generator.within(1...4)
        let numbers = (lastNumber + 1)..<(lastNumber + 1 + count)
        lastNumber += count
        return PartitionLedger.Batch(
            base: base, numbers: numbers, bytes: factory.batch(numbers, isKeyed: isKeyed), appended: clock.now,
            life: life)
    }

    /// An offset that nobody has committed before.
    func newCommit() -> Int {
        lastCommit += generator.within(1...9)
        return lastCommit
    }

    func nextLSN() -> LSN {
        lastLSN += UInt64(generator.within(8...4000))
        return LSN(lastLSN)
    }
}
