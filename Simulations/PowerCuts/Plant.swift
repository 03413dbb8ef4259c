import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// One seed: one plant through several lives of its broker, with everything that was promised to it.
///
/// Used by one thread. `@unchecked Sendable` because the log's completions and the disk's hooks, which are `@Sendable`, write
/// here; they run on that thread too, inside a call that it makes.
final class Plant: @unchecked Sendable {
    static let directory = "/plant/data"
    static let slot = "mes_p01"

    let scenario: Scenario
    let factory: RecordFactory
    let clock = SimulatedClock()
    var generator: SeededGenerator
    var partitions: [TopicPartition: PartitionLedger] = [:]
    var source = SourceLedger()
    /// Ids of topics whose creation was acknowledged or seen.
    var topicIDs: [String: String] = [:]
    /// Topics whose creation was tried: they may be there.
    var attempted: Set<String> = []
    var totals = Totals()
    /// The first broken promise.
    private(set) var violation: Violation?
    /// Whoever looks for the cause of a failure sees what is done to files whose path contains this.
    private var trace: String?
    private var lastNumber = 0
    private var lastLSN: UInt64 = 0x100_0000

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        scenario = Scenario(&generator)
        factory = RecordFactory(seed: seed)
        self.generator = generator
    }

    /// Runs all lives.
    static func run(seed: UInt64, trace: String?) async -> (plant: Plant, violation: Violation?) {
        let plant = Plant(seed: seed)
        plant.trace = trace
        do throws(Violation) { try await plant.run() } catch { plant.fail(error) }
        return (plant, plant.violation)
    }

    func fail(_ violation: Violation) { if self.violation == nil { self.violation = violation } }

    private func run() async throws(Violation) {
        var disk = SimulatedDisk(seed: generator.next())
        disk.syncKeepsNames = scenario.syncKeepsNames
        for life in 0..<scenario.lives {
            disk = try await live(life, on: disk)
            if let violation { throw violation }
        }
        try checkVerification(of: disk)
        if scenario.rotsAtTheEnd { try await RotCheck(plant: self).run(on: disk) }
    }

    /// - Returns: the disk that the next life finds.
    private func live(_ life: Int, on disk: SimulatedDisk) async throws(Violation) -> SimulatedDisk {
        let isLast = life == scenario.lives - 1
        if generator.chance(150) { try checkVerification(of: disk) }
        let isKilled = prepare(disk, isLast: isLast)
        if let trace { show(trace, disk, life: life, isKilled) }
        defer { totals.operations += disk.operations }
        guard let broker = try await open(on: disk) else {
            totals.cutsInRecovery += 1
            return next(disk, isKilled)
        }
        let session = Life(plant: self, broker: broker, disk: disk)
        try await session.start()
        if disk.isPowered { try await session.work(steps: generator.within(5...60)) }
        if !disk.isPowered { return next(disk, isKilled) }
        if isLast {
            try await session.heal()
            try stop(session)
            return next(disk, generator.chance(500))
        }
        switch generator.below(10) {
        case 0...2: return next(disk, true)
        case 3...4:
            try stop(session)
            return next(disk, disk.isPowered ? generator.chance(500) : isKilled)
        default: return next(disk, false)
        }
    }

    private func show(_ text: String, _ disk: SimulatedDisk, life: Int, _ isKilled: Bool) {
        print(
            "life \(life + 1), may end by a \(isKilled ? "kill" : "power cut") at \(disk.powerCutAt ?? 0); \(disk.faults)"
        )
        for path in disk.paths where path.contains(text) {
            print("  \(path) \(disk.bytes(of: path)?.count ?? 0) bytes")
        }
        disk.onOperation { operation in
            if operation.path.contains(text) { print("  \(operation.number) \(operation.kind) \(operation.path)") }
        }
    }

    /// - Parameter isKilled: the process ends, but the disk keeps its power.
    private func next(_ disk: SimulatedDisk, _ isKilled: Bool) -> SimulatedDisk {
        if isKilled {
            totals.kills += 1
            return disk.afterKill()
        }
        totals.powerCuts += 1
        return disk.afterPowerCut()
    }

    private func stop(_ life: Life) throws(Violation) {
        life.stop()
        if let violation { throw violation }
        totals.cleanStops += 1
    }

    /// - Returns: whether what ends this life in the middle of a call is a kill, and no power cut.
    private func prepare(_ disk: SimulatedDisk, isLast: Bool) -> Bool {
        if isLast { return false }
        // Often early, so that recovery, the first topics and the first rolls are hit too.
        if generator.chance(700) {
            disk.powerCutAt = generator.within(1...generator.element(of: [12, 40, 120, 400]))
        }
        if scenario.hasFaults, generator.chance(600) {
            var faults = DiskFaults()
            faults.syncs = generator.element(of: [0, 20, 150])
            faults.writes = generator.element(of: [0, 20])
            faults.names = generator.element(of: [0, 30])
            faults.reads = generator.element(of: [0, 0, 5])
            faults.shortWrites = generator.element(of: [0, 200])
            disk.faults = faults
        }
        if scenario.fillsUp, generator.chance(700) {
            disk.capacity = disk.usedBytes + generator.within(0...20_000)
        }
        return generator.chance(250)
    }

    /// - Returns: `nil` if power was lost while the broker was opening.
    func open(on disk: SimulatedDisk) async throws(Violation) -> Broker? {
        let random = Mutex(generator.fork())
        var configuration = LogDirectoryConfiguration(path: Self.directory)
        configuration.segmentBytes = scenario.segmentBytes
        configuration.recoveryThreads = 1
        for attempt in 0..<8 {
            do throws(BrokerError) {
                let broker = try Broker(
                    configuration, disk: disk, clock: clock.logClock, random: { random.withLock { $0.next() } })
                totals.tornTails += broker.recovery.tornTails.count
                return broker
            } catch {
                if !disk.isPowered { return nil }
                if disk.faults.isNone, disk.capacity == .max { throw Violation("the broker does not open: \(error)") }
                // Somebody replaces the cable and makes room.
                if attempt > 3 { disk.mend() }
            }
        }
        throw Violation("the broker does not open")
    }

    /// `log verify` must find a log sound that only lost power.
    private func checkVerification(of disk: SimulatedDisk) throws(Violation) {
        let result: LogVerification.Result
        do throws(LogStoreError) {
            result = try LogVerification.run(Self.directory, disk: disk.afterKill())
        } catch {
            throw Violation("verify cannot read the log: \(error)")
        }
        if let damage = result.damages.first { throw Violation("verify calls it damage: \(damage.description)") }
    }

    // MARK: Numbers

    func nextNumbers(_ count: Int) -> [Int] {
        defer { lastNumber += count }
        return Array((lastNumber + 1)...(lastNumber + count))
    }

    func nextLSN() -> LSN {
        lastLSN += UInt64(generator.within(8...4000))
        return LSN(lastLSN)
    }
}

extension DiskFaults {
    var isNone: Bool { writes + syncs + reads + names + shortWrites == 0 }
}

extension SimulatedDisk {
    func mend() {
        faults = .none
        capacity = .max
    }
}
