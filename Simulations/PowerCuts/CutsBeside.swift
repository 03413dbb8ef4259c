import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat

/// Power cuts beside a plant's own life: before any of its disk operations the disk is copied, what survives is drawn, the log is
/// started on that and held against all that was promised up to this moment. Then the copy is thrown away and the life goes on.
///
/// Used by the plant's thread.
final class CutsBeside: @unchecked Sendable {
    private let plant: Plant
    private let disk: SimulatedDisk
    /// `nil` while the broker is opening.
    weak var session: Life?
    /// Whether a start may take the log for one that was stopped cleanly; `nil`: perhaps.
    var isClean: Bool?

    init(_ plant: Plant, _ disk: SimulatedDisk) {
        self.plant = plant
        self.disk = disk
        isClean = nil
    }

    func fork(before operation: DiskOperation) {
        if plant.violation != nil || !plant.generator.chance(plant.scenario.cutsBeside) { return }
        session?.noteSynced()
        for drawing in 1...plant.generator.within(1...2) {
            let branch = plant.branch()
            branch.beginLife(isClean: isClean)
            for place in branch.partitions.indices { branch.partitions[place].losePower() }
            let next = disk.afterPowerCut()
            plant.totals[.powerCuts] += 1
            defer { plant.totals += branch.totals }
            do throws(Violation) {
                try branch.liveOn(next)
                if let violation = branch.violation { throw violation }
            } catch {
                return plant.fail(
                    Violation(
                        "\(error.description) [life \(plant.life), power lost before operation \(operation.number), \(operation.kind) \(operation.path), drawing \(drawing)]"
                    ))
            }
        }
    }
}

extension Plant {
    /// A start after a power cut, and sometimes a life after it that ends with another one.
    fileprivate func liveOn(_ disk: SimulatedDisk) throws(Violation) {
        var disk = disk
        if generator.chance(120) { disk.powerCutAt = generator.within(1...generator.element(of: [6, 20, 40])) }
        if generator.chance(30) { disk.faults = .drawn(&generator) }
        if generator.chance(30) { disk.capacity = disk.usedBytes + generator.within(0...2000) }
        var session = try start(&disk)
        if generator.chance(30) { try checkVerification(of: disk) }
        if !generator.chance(70) { return totals.add(disk) }
        totals[.livesAfterCut] += 1
        if generator.chance(300) { disk.powerCutAt = disk.operations + generator.within(1...60) }
        for _ in 0..<generator.within(2...12) where disk.isPowered {
            try session.step()
            if let violation { throw violation }
        }
        session.noteSynced()
        totals.add(disk)
        totals[.powerCuts] += 1
        for place in partitions.indices { partitions[place].losePower() }
        let next = disk.afterPowerCut()
        session.end()
        if let violation { throw violation }
        disk = next
        beginLife(isClean: false)
        session = try start(&disk)
        totals.add(disk)
    }

    /// - Parameter disk: another one, if power is lost in the recovery.
    private func start(_ disk: inout SimulatedDisk) throws(Violation) -> Life {
        while true {
            if let broker = try open(on: disk) {
                let session = Life(plant: self, broker: broker, disk: disk)
                try session.inspect()
                if disk.isPowered { return session }
            }
            totals[.cutsInRecovery] += 1
            totals[.powerCuts] += 1
            totals.add(disk)
            for place in partitions.indices {
                partitions[place].losePower()
                partitions[place].epochs.beginAgain()
            }
            disk = disk.afterPowerCut()
        }
    }
}
