import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("A buffered partition")
struct BufferedAppendingTests {
    private struct Plant {
        let clock = SimulatedClock()
        let disk: SimulatedDisk
        let log: LogDirectory
        let orders: Partition

        init(on disk: SimulatedDisk = SimulatedDisk(seed: 3), segmentBytes: Int = 64 << 20) throws {
            self.disk = disk
            (log, orders) = try openOrders(on: disk, clock: clock, segmentBytes: segmentBytes)
            var policy = PartitionPolicy()
            policy.durability = .buffered(syncEvery: .seconds(1))
            log.configure(orders, policy)
            // The marks of what recovery found are written and out of the way.
            clock.advance(milliseconds: 100)
            log.runCommitRound()
        }

        /// Appends, and expects the answer before anything is committed.
        func append(_ values: [String]) throws -> Range<Offset> {
            let outcome = Outcome()
            try log.stage(Append([Append.Batch(batch(values), to: orders)]) { outcome.set($0) })
            return try outcome.get()[0]
        }

        var readable: [String] {
            get throws {
                var values: [String] = []
                var next = orders.logStart
                let end = log.highWatermark(of: orders)
                while next < end {
                    let read = try log.read(orders, from: next, upTo: end, maxBytes: 1 << 20)
                    values += try read.batches.flatMap { try $0.withUnsafeBytes { try decodeRecords($0) } }
                        .map { String(decoding: $0.record.value ?? [], as: UTF8.self) }
                    next = read.nextOffset
                }
                return values
            }
        }
    }

    @Test("is answered and readable at once, and synced once its interval is over")
    func interval() throws {
        let plant = try Plant()
        #expect(try plant.append(["a", "b"]) == Offset(0)..<Offset(2))
        #expect(try plant.readable == ["a", "b"])
        #expect(plant.orders.syncedEnd == .zero)
        let due = plant.log.runCommitRound()
        #expect(plant.orders.syncedEnd == .zero)
        #expect(due == plant.clock.logClock.monotonic() + .seconds(1))
        plant.clock.advance(milliseconds: 1000)
        plant.log.runCommitRound()
        #expect(plant.orders.syncedEnd == Offset(2))
    }

    @Test("syncs once for all that was appended in an interval")
    func oneSync() throws {
        let plant = try Plant()
        for value in 0..<50 { _ = try plant.append(["\(value)"]) }
        plant.clock.advance(milliseconds: 1000)
        let before = plant.disk.count(of: .sync)
        plant.log.runCommitRound()
        #expect(plant.disk.count(of: .sync) == before + 1)
    }

    @Test("fills several segments between two syncs; the committer seals them")
    func rolls() throws {
        let plant = try Plant(segmentBytes: 1024)
        let values = (0..<60).map { "value \($0) " + String(repeating: "x", count: 60) }
        for value in values { _ = try plant.append([value]) }
        #expect(try plant.readable == values)
        #expect(!plant.disk.paths.contains { $0.hasSuffix(".seal") })
        plant.clock.advance(milliseconds: 1000)
        plant.log.runCommitRound()
        #expect(plant.disk.paths.count { $0.hasSuffix(".log") } == plant.disk.paths.count { $0.hasSuffix(".seal") } + 1)
        #expect(plant.orders.syncedEnd == Offset(60))
        plant.log.close()
        let again = try Plant(on: plant.disk.afterPowerCut(), segmentBytes: 1024)
        #expect(again.log.recovery.damages.isEmpty)
        #expect(try again.readable == values)
    }

    @Test("closes cleanly with everything synced")
    func closes() throws {
        let plant = try Plant()
        _ = try plant.append(["a"])
        plant.log.close()
        #expect(throws: LogStoreError.self) { _ = try plant.append(["b"]) }
        #expect(try Plant(on: plant.disk.afterPowerCut()).readable == ["a"])
    }

    @Test("keeps what was synced, whenever power is lost, and a beginning of what was appended after")
    func powerCuts() throws {
        let values = (0..<40).map { "value \($0) " + String(repeating: "y", count: 50) }
        for cut in 1... {
            let disk = SimulatedDisk(seed: UInt64(cut))
            disk.powerCutAt = cut
            var synced = 0
            do {
                let plant = try Plant(on: disk, segmentBytes: 1024)
                for (number, value) in values.enumerated() {
                    _ = try plant.append([value])
                    if number % 7 == 6 {
                        plant.clock.advance(milliseconds: 1000)
                        plant.log.runCommitRound()
                        synced = Int(plant.orders.syncedEnd.rawValue)
                    }
                }
                plant.log.close()
                if disk.isPowered { return }
            } catch {
                try #require(!disk.isPowered, "cut at \(cut): \(error)")
            }
            let again = try Plant(on: disk.afterPowerCut(), segmentBytes: 1024)
            #expect(again.log.recovery.damages.isEmpty, "cut at \(cut)")
            let found = try again.readable
            #expect(found.count >= synced && found == Array(values.prefix(found.count)), "cut at \(cut)")
        }
    }

    @Test("ends before a segment whose name a power cut has lost, whatever survived of the later ones")
    func lostName() throws {
        let plant = try Plant(segmentBytes: 1024)
        let values = (0..<60).map { "value \($0) " + String(repeating: "z", count: 60) }
        for value in values { _ = try plant.append([value]) }
        let disk = plant.disk.afterKill()
        let logs = disk.paths.filter { $0.hasSuffix(".log") }
        try #require(logs.count > 3)
        try disk.remove(logs[2])
        let verified = try LogVerification.run("/log", disk: disk.afterKill())
        #expect(verified.damages.isEmpty)
        let again = try Plant(on: disk, segmentBytes: 1024)
        #expect(again.log.recovery.damages.isEmpty)
        #expect(again.log.recovery.tornTails.count == logs.count - 3)
        let kept = try again.readable
        #expect(!kept.isEmpty && kept == Array(values.prefix(kept.count)))
        _ = try again.append(["next"])
        again.log.close()
        #expect(try Plant(on: disk.afterPowerCut(), segmentBytes: 1024).readable == kept + ["next"])
    }

    @Test("takes no part of an append that the disk had no room for, and goes on once there is room")
    func full() throws {
        let plant = try Plant()
        _ = try plant.append(["kept"])
        plant.disk.capacity = plant.disk.usedBytes
        // More than was reserved ahead.
        let large = String(repeating: "l", count: 200_000)
        #expect(throws: LogStoreError.self) { _ = try plant.append([large]) }
        // Closed until the committer has looked.
        plant.disk.capacity = .max
        #expect(throws: LogStoreError.self) { _ = try plant.append(["refused"]) }
        plant.log.runCommitRound()
        #expect(try plant.append(["next"]) == Offset(1)..<Offset(2))
        #expect(try plant.readable == ["kept", "next"])
    }

    @Test("after a failed sync keeps what can still be read, in a new file")
    func failedSync() throws {
        let plant = try Plant()
        for value in ["a", "b", "c"] { _ = try plant.append([value]) }
        plant.disk.faults.syncs = 1000
        plant.clock.advance(milliseconds: 1000)
        plant.log.runCommitRound()
        #expect(throws: LogStoreError.self) { _ = try plant.append(["refused"]) }
        plant.disk.faults.syncs = 0
        plant.clock.advance(milliseconds: 1000)
        plant.log.runCommitRound()
        let kept = try plant.readable
        #expect(kept == Array(["a", "b", "c"].prefix(kept.count)))
        #expect(plant.orders.syncedEnd == plant.log.highWatermark(of: plant.orders))
        #expect(try plant.append(["next"]).lowerBound == Offset(Int64(kept.count)))
        plant.log.close()
        #expect(try Plant(on: plant.disk.afterPowerCut()).readable == kept + ["next"])
    }
}
