import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("A compaction that is interrupted")
struct InterruptedCompactionTests {
    /// A log with something to compact, and what it stands for.
    private func prepared(_ seed: UInt64) throws -> (SimulatedDisk, SimulatedClock, FoldedLog) {
        let disk = SimulatedDisk(seed: seed)
        let plant = try KeyedLog(disk)
        var random = RandomLog(seed: seed)
        for _ in 0..<20 { try random.step(plant) }
        try random.end(plant)
        if seed % 2 == 0 {
            // Half of it is clean already, and some horizons are over.
            try plant.compact()
            plant.clock.advance(milliseconds: 90_000_000)
            for _ in 0..<10 { try random.step(plant) }
            try random.end(plant)
        }
        let state = try plant.state()
        plant.log.close()
        return (disk.afterKill(), plant.clock, state)
    }

    enum End: CaseIterable {
        case powerCut, kill, powerCutInRecovery, powerCutInRecoveryFromKill

        func next(_ disk: SimulatedDisk) -> SimulatedDisk {
            switch self {
            case .powerCut, .powerCutInRecovery: disk.afterPowerCut()
            case .kill, .powerCutInRecoveryFromKill: disk.afterKill()
            }
        }

        var isInRecovery: Bool { self == .powerCutInRecovery || self == .powerCutInRecoveryFromKill }
    }

    @Test(
        "by a power cut or a kill at any operation, has changed nothing that anybody reads",
        arguments: zip([1, 2, 3, 4, 5, 6, 7, 8], End.allCases + End.allCases))
    func anywhere(seed: UInt64, end: End) throws {
        let (start, clock, state) = try prepared(seed)
        try interrupt(start, clock, state, end, seed)
    }

    @Test(
        "by a power cut, does not take the old file for the new one where only their middles differ", arguments: 1...12)
    func alike(seed: UInt64) throws {
        let plant = try KeyedLog(SimulatedDisk(seed: seed))
        try plant.append(.put("a", "1"))
        // The delete horizon becomes the base timestamp, and is the second record's time: the deltas change their places.
        let horizon = plant.clock.wall.millisecondsSince1970 + 86_400_000
        var builder = RecordBatchBuilder()
        builder.append(key: [1], value: nil, timestamp: time(horizon - 5_000_000_000))
        builder.append(key: [2], value: nil, timestamp: time(horizon))
        try plant.append(builder.finish())
        try plant.append(.put("b", "1"))
        try plant.roll()
        let size = try #require(plant.disk.bytes(of: plant.logFiles.sorted()[0])).count
        plant.log.close()
        let start = plant.disk.afterKill()
        for _ in 0..<5 {
            try interrupt(start, plant.clock, FoldedLog(try KeyedLog.batches(on: start)), .powerCut, seed)
        }
        let done = try KeyedLog(start.afterKill(), clock: plant.clock)
        try done.compact()
        #expect(try #require(done.disk.bytes(of: done.logFiles.sorted()[0])).count == size)
        #expect(try done.batches()[1].header.attributes.hasDeleteHorizon)
    }

    @Test("by a kill when the new seal's name is not yet durable, and by a power cut in the next start, is so too")
    func killedBeforeItCounts() throws {
        let (start, clock, state) = try prepared(1)
        var (operation, found) = (1, 0)
        while found < 2 {
            let disk = start.afterKill()
            let plant = try KeyedLog(disk, clock: clock.fork())
            disk.powerCutAt = disk.operations + operation
            operation += 1
            var appended: [Offset: String] = [:]
            do {
                try run(plant, &appended)
                break
            } catch {}
            let names = disk.paths
            guard names.contains(where: { $0.hasSuffix(".seal.swap") }),
                names.contains(where: { $0.hasSuffix(".log.swap") })
            else { continue }
            found += 1
            for cut in 1...40 {
                for _ in 0..<4 {
                    let next = disk.afterKill()
                    next.powerCutAt = cut
                    _ = try? KeyedLog(next, clock: clock.fork())
                    try check(next.afterPowerCut(), plant.clock, state, appended, .powerCut, operation)
                }
            }
        }
        #expect(found > 0)
    }

    private func interrupt(
        _ start: SimulatedDisk, _ clock: SimulatedClock, _ state: FoldedLog, _ end: End, _ seed: UInt64
    ) throws {
        var operation = 1
        while true {
            let disk = start.afterKill()
            disk.syncKeepsNames = (Int(seed) + operation) % 3 == 0
            let plant = try KeyedLog(disk, clock: clock.fork())
            disk.powerCutAt = disk.operations + operation
            var appended: [Offset: String] = [:]
            do {
                try run(plant, &appended)
                // It came to its end before the cut.
                break
            } catch {
                #expect(!disk.isPowered, "\(error)")
            }
            try check(end.next(disk), plant.clock, state, appended, end, operation)
            operation += 1
        }
        #expect(operation > 10)
    }

    /// Compacts, with appends in between that are acknowledged.
    private func run(_ plant: KeyedLog, _ appended: inout [Offset: String]) throws {
        guard let run = try plant.compaction() else { return }
        var number = 0
        while case .working = try run.step() {
            number += 1
            if number % 3 == 0 {
                let range = try plant.append(.put("new\(number)", "\(number)"))
                appended[range.lowerBound] = "\(number)"
            }
        }
    }

    private func check(
        _ disk: SimulatedDisk, _ clock: SimulatedClock, _ state: FoldedLog, _ appended: [Offset: String], _ end: End,
        _ operation: Int
    ) throws {
        // A look at the folder as it was left finds nothing wrong, and the same records.
        let looked = FoldedLog(try KeyedLog.batches(on: disk))
        var next = disk
        if end.isInRecovery {
            next.powerCutAt = 1 + operation % 13
            _ = try? KeyedLog(next, clock: clock.fork())
            next = next.afterPowerCut()
        }
        let plant = try KeyedLog(next, clock: clock.fork())
        #expect(plant.log.recovery.damages.isEmpty)
        #expect(next.paths.allSatisfy { !$0.hasSuffix(".swap") && !$0.hasSuffix(".cleaned") })
        for found in [looked, try plant.state()] {
            #expect(found.state.filter { !$0.key.hasPrefix("new") } == state.state)
            #expect(found.keyless == state.keyless)
        }
        let records = try plant.read().flatMap(\.records)
        for (offset, value) in appended {
            #expect(records.first { $0.offset == offset }?.record.value == Array(value.utf8))
        }
        // It can be done again, and to its end.
        try plant.append(.put("new", "last"))
        try plant.roll()
        try plant.compact()
        #expect(try plant.state().state.filter { !$0.key.hasPrefix("new") } == state.state)
        _ = try plant.batches()
    }

    @Test("by an error of the disk, goes on with the next, without a start in between", arguments: 1...20)
    func errors(seed: UInt64) throws {
        let (start, clock, state) = try prepared(seed)
        let disk = start.afterKill()
        let plant = try KeyedLog(disk, clock: clock.fork())
        disk.faults.names = 60
        disk.faults.syncs = 30
        disk.faults.writes = 30
        disk.faults.reads = 5
        var failures = 0
        while failures < 20 {
            do {
                try plant.compact()
                break
            } catch {
                #expect(error as? LogStoreError != nil)
                failures += 1
                disk.faults.reads = 0
                let faults = disk.faults
                disk.faults = .none
                #expect(try plant.state().state == state.state)
                disk.faults = faults
            }
        }
        disk.faults = .none
        try plant.append(.put("new", "1"))
        try plant.roll()
        try plant.compact()
        #expect(disk.paths.allSatisfy { !$0.hasSuffix(".swap") && !$0.hasSuffix(".cleaned") })
        #expect(try plant.state().state.filter { $0.key != "new" } == state.state)
        let next = try KeyedLog(disk.afterPowerCut(), clock: clock.fork())
        #expect(next.log.recovery.damages.isEmpty)
        #expect(try next.state() == plant.state())
    }
}
