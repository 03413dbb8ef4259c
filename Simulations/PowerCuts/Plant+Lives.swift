import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// The plant's own lives, one after the other.
extension Plant {
    /// Runs all lives.
    static func run(seed: UInt64, trace: String?) async -> (plant: Plant, violation: Violation?) {
        let plant = Plant(seed: seed)
        plant.trace = trace
        do throws(Violation) { try await plant.run() } catch { plant.fail(error) }
        return (plant, plant.violation)
    }

    private func run() async throws(Violation) {
        var disk = SimulatedDisk(seed: generator.next())
        disk.syncKeepsNames = scenario.syncKeepsNames
        var isClean: Bool? = false
        for life in 0..<scenario.lives {
            beginLife(isClean: isClean)
            (disk, isClean) = try await live(on: disk, isLast: life == scenario.lives - 1)
            if let violation { throw violation }
        }
        try checkVerification(of: disk)
        for _ in 0..<scenario.rots { try RotCheck(plant: branch()).run(on: disk, totals: &totals) }
    }

    /// - Returns: the disk that the next life finds, and whether it was left by a clean stop; `nil`: perhaps.
    private func live(on disk: SimulatedDisk, isLast: Bool) async throws(Violation) -> (SimulatedDisk, Bool?) {
        if generator.chance(150) { try checkVerification(of: disk) }
        let isKilled = prepare(disk, isLast: isLast)
        if let trace { show(trace, disk, isKilled) }
        defer { totals.add(disk) }
        let cuts = CutsBeside(self, disk)
        disk.beforeOperation { operation in cuts.fork(before: operation) }
        guard let broker = try open(on: disk) else {
            if let violation { throw violation }
            totals[.cutsInRecovery] += 1
            disk.beforeOperation(nil)
            return (next(disk, isKilled), nil)
        }
        let session = Life(plant: self, broker: broker, disk: disk)
        defer { session.end() }
        cuts.session = session
        try await session.start()
        // From here on the marker of a clean stop is gone for certain.
        cuts.isClean = false
        if disk.isPowered { try await session.work(steps: generator.within(8...40)) }
        if let violation { throw violation }
        if !disk.isPowered { return (next(disk, isKilled), false) }
        if isLast {
            try await session.heal()
        } else if generator.chance(700) {
            return (next(disk, generator.chance(400)), false)
        }
        cuts.isClean = nil
        let isClean = try await session.stop()
        let isCut = disk.isPowered ? generator.chance(500) : !isKilled
        return (next(disk, !isCut), isClean ? true : nil)
    }

    private func show(_ text: String, _ disk: SimulatedDisk, _ isKilled: Bool) {
        let end = isKilled ? "kill" : "power cut"
        print("life \(life), may end by a \(end) at \(disk.powerCutAt ?? 0); \(disk.faults)")
        for path in disk.paths where path.contains(text) {
            print("  \(path) \(disk.bytes(of: path)?.count ?? 0) bytes")
        }
        disk.onOperation { operation in
            if operation.path.contains(text) { print("  \(operation.number) \(operation.kind) \(operation.path)") }
        }
    }

    /// - Parameter isKilled: the process ends, but the disk keeps its power.
    private func next(_ disk: SimulatedDisk, _ isKilled: Bool) -> SimulatedDisk {
        // A failed sync may have taken from the page cache what was only buffered.
        if !isKilled || scenario.hasFaults || scenario.isTight {
            for place in partitions.indices { partitions[place].losePower() }
        }
        totals[isKilled ? .kills : .powerCuts] += 1
        return isKilled ? disk.afterKill() : disk.afterPowerCut()
    }

    /// - Returns: whether what ends this life in the middle of a call is a kill, and no power cut.
    private func prepare(_ disk: SimulatedDisk, isLast: Bool) -> Bool {
        if isLast { return false }
        // Often early, so that recovery, the first topics and the first rolls are hit too.
        if generator.chance(400) {
            disk.powerCutAt = generator.within(1...generator.element(of: [12, 40, 120, 400]))
        }
        if scenario.hasFaults, generator.chance(600) { disk.faults = .drawn(&generator) }
        if scenario.fillsUp, generator.chance(700) {
            disk.capacity = disk.usedBytes + generator.within(0...20_000)
        }
        return generator.chance(250)
    }

    /// - Returns: `nil` if power was lost while the broker was opening.
    func open(on disk: SimulatedDisk) throws(Violation) -> Broker? {
        let random = Mutex(generator.fork())
        var configuration = LogDirectoryConfiguration(path: Self.directory)
        configuration.segmentBytes = scenario.segmentBytes
        configuration.recoveryThreads = 1
        configuration.reserveBytes = scenario.reserveBytes
        for attempt in 0..<8 {
            totals[.restarts] += 1
            do throws(BrokerError) {
                let broker = try Broker(
                    configuration, disk: disk, clock: clock.logClock, random: { random.withLock { $0.next() } },
                    checkpointBytes: scenario.checkpointBytes,
                    budget: scenario.budget.map { DiskBudget(bytes: $0, reserve: Int64(scenario.reserveBytes)) })
                totals[.tornTails] += broker.recovery.tornTails.count
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
    func checkVerification(of disk: SimulatedDisk) throws(Violation) {
        totals[.verifications] += 1
        let result: LogVerification.Result
        do throws(LogStoreError) {
            result = try LogVerification.run(Self.directory, disk: disk.afterKill())
        } catch {
            throw Violation("verify cannot read the log: \(error)")
        }
        if let damage = result.damages.first { throw Violation("verify calls it damage: \(damage.description)") }
    }
}

extension DiskFaults {
    var isNone: Bool { writes + syncs + reads + names + shortWrites + noSpace == 0 }

    static func drawn(_ generator: inout SeededGenerator) -> DiskFaults {
        var faults = DiskFaults()
        faults.syncs = generator.element(of: [0, 20, 150])
        faults.writes = generator.element(of: [0, 20])
        faults.names = generator.element(of: [0, 30])
        faults.reads = generator.element(of: [0, 0, 5])
        faults.shortWrites = generator.element(of: [0, 200])
        faults.noSpace = generator.element(of: [0, 0, 30])
        return faults
    }
}

extension SimulatedDisk {
    func mend() {
        faults = .none
        capacity = .max
    }
}
