import EdgeBroker
import EdgeBrokerTesting
import LogStore

/// The folders of one place in a run: one left in each way, and another log for files that come from elsewhere.
struct Plants {
    private let seed: UInt64
    private let folders: [PlantFolder]
    private let undamaged: [LogVerification.Result]
    private let killed: PlantBuilder

    init(seed: UInt64, place: Int) async throws(Violation) {
        self.seed = seed
        var generator = SeededGenerator(seed: seed &* 0x9E37_79B9 &+ UInt64(place))
        var folders: [PlantFolder] = []
        var undamaged: [LogVerification.Result] = []
        var last: PlantBuilder?
        for leaving in PlantFolder.Leaving.allCases {
            let builder = try PlantBuilder(seed: generator.next(), kills: leaving == .quiet ? 10 : 0)
            let folder = try await builder.build(leaving)
            let verified = try DamageCheck(folder: folder).verify(folder.disk)
            if let damage = verified.damages.first {
                throw Violation(
                    "a log without damage is called damaged after \(leaving.rawValue): \(damage.description)")
            }
            folders.append(folder)
            undamaged.append(verified)
            if leaving == .quiet { last = builder }
        }
        self.folders = folders
        self.undamaged = undamaged
        guard let last else { preconditionFailure("No folder was built") }
        killed = last
    }

    /// - Returns: `nil` if there was nothing to damage so.
    func tryDamage(_ number: Int) throws(Violation) -> (Damage.Cell, DamageCheck.Outcome)? {
        let place = number % folders.count
        let folder = folders[place]
        var generator = SeededGenerator(seed: seed ^ (UInt64(number) &* 0x2545_F491_4F6C_DD1D))
        let cells = Damage.cells(of: folder)
        for _ in 0..<20 {
            let cell = generator.element(of: cells)
            guard
                let damage = try Damage.draw(
                    cell, of: folder, other: folders[(place + 1) % folders.count], &generator)
            else { continue }
            do throws(Violation) {
                return (cell, try DamageCheck(folder: folder).run(damage, undamaged: undamaged[place]))
            } catch {
                throw Violation("\(error)\n  the damage, after \(folder.leaving.rawValue): \(damage)")
            }
        }
        return nil
    }

    /// Plain kills are no damage: neither `log verify` nor a start says so.
    /// - Returns: how many there were.
    func checkKills() throws(Violation) -> Int {
        for (disk, clock) in killed.killed {
            try Self.checkSound(disk, "a kill")
            let next = disk.afterKill()
            let broker = try PlantFolder.open(next, clock, segmentBytes: killed.killedSegmentBytes)
            if let damage = broker.recovery.damages.first {
                throw Violation("a start after a kill calls it damage: \(damage.description)")
            }
            let again = next.afterKill()
            try Self.checkSound(again, "a kill and a start")
            broker.directory.close()
            try Self.checkSound(next, "a kill, a start and a clean stop")
        }
        return killed.killed.count
    }

    private static func checkSound(_ disk: SimulatedDisk, _ what: String) throws(Violation) {
        let verified: LogVerification.Result
        do throws(LogStoreError) {
            verified = try LogVerification.run(PlantFolder.path, disk: disk.afterKill())
        } catch {
            throw Violation("after \(what) verify cannot read the log: \(error)")
        }
        if let damage = verified.damages.first {
            throw Violation("after \(what) verify calls it damage: \(damage.description)")
        }
    }
}
