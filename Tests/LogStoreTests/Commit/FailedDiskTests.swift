import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("When the disk fails")
struct FailedDiskTests {
    /// A log on a simulated disk with topics a and b.
    private struct Plant {
        let disk = SimulatedDisk(seed: 7)
        let clock = SimulatedClock()
        let log: LogDirectory
        let a: Partition
        let b: Partition

        init() throws {
            let numbers = Counter()
            log = try LogDirectory.open(
                LogDirectoryConfiguration(path: "/log"), disk: disk, clock: clock.logClock, random: { numbers.next() })
            for name in ["a", "b"] {
                try log.createPartitions(topic: name, id: Identifier(random: { numbers.next() }), count: 1)
            }
            a = try #require(log.partition(TopicPartition(topic: "a", partition: 0)))
            b = try #require(log.partition(TopicPartition(topic: "b", partition: 0)))
            log.followSyncedEnd(a)
            log.followSyncedEnd(b)
        }

        func append(_ value: String, to partitions: [Partition]) throws -> Outcome {
            let outcome = Outcome()
            try log.stage(Append(partitions.map { Append.Batch(batch([value]), to: $0) }) { outcome.set($0) })
            return outcome
        }

        func values(_ partition: Partition, of log: LogDirectory? = nil) throws -> [String] {
            let log = log ?? self.log
            let read = try log.read(
                partition, from: .zero, upTo: log.highWatermark(of: partition), maxBytes: 1 << 20)
            return try read.batches.flatMap { try $0.withUnsafeBytes { try decodeRecords($0) } }
                .map { String(decoding: $0.record.value ?? [], as: UTF8.self) }
        }
    }

    private func code(_ outcome: Outcome) -> LogStoreError.Code? {
        do {
            _ = try outcome.get()
            return nil
        } catch {
            return (error as? LogStoreError)?.code
        }
    }

    @Test("a failed sync closes its partitions, answers with an error, and is never tried again on that file")
    func failedSync() throws {
        let plant = try Plant()
        let first = try plant.append("kept", to: [plant.a])
        plant.log.runCommitRound()
        #expect(code(first) == nil)

        plant.disk.faults.syncs = 1000
        let lost = try plant.append("lost", to: [plant.a])
        plant.log.runCommitRound()
        #expect(code(lost) == .storage)
        #expect(throws: LogStoreError.self) { _ = try plant.append("refused", to: [plant.a]) }

        plant.disk.faults.syncs = 0
        // Not before its time, and then into a new file.
        plant.log.runCommitRound()
        #expect(throws: LogStoreError.self) { _ = try plant.append("refused", to: [plant.a]) }
        plant.clock.advance(milliseconds: 1000)
        let renames = plant.disk.count(of: .rename)
        plant.log.runCommitRound()
        #expect(plant.disk.count(of: .rename) == renames + 1)
        let again = try plant.append("again", to: [plant.a])
        plant.log.runCommitRound()
        #expect(try again.get() == [Offset(1)..<Offset(2)])
        #expect(try plant.values(plant.a) == ["kept", "again"])

        let next = try LogDirectory.open(
            LogDirectoryConfiguration(path: "/log"), disk: plant.disk.afterPowerCut(), clock: plant.clock.logClock,
            random: { 1 })
        let a = try #require(next.partition(TopicPartition(topic: "a", partition: 0)))
        next.followSyncedEnd(a)
        #expect(try plant.values(a, of: next) == ["kept", "again"])
        #expect(next.recovery.damages.isEmpty)
    }

    @Test("a second failed sync doubles the wait")
    func doubles() throws {
        let plant = try Plant()
        plant.disk.faults.syncs = 1000
        _ = try plant.append("lost", to: [plant.a])
        plant.log.runCommitRound()
        plant.clock.advance(milliseconds: 1000)
        plant.log.runCommitRound()
        plant.disk.faults.syncs = 0
        plant.clock.advance(milliseconds: 999)
        plant.log.runCommitRound()
        #expect(throws: LogStoreError.self) { _ = try plant.append("refused", to: [plant.a]) }
        plant.clock.advance(milliseconds: 1)
        plant.log.runCommitRound()
        let again = try plant.append("again", to: [plant.a])
        plant.log.runCommitRound()
        #expect(code(again) == nil)
    }

    @Test("a full disk refuses, keeps what is there, and takes appends again once there is room")
    func full() throws {
        let plant = try Plant()
        let kept = try plant.append("kept", to: [plant.a])
        plant.log.runCommitRound()
        #expect(code(kept) == nil)
        plant.disk.capacity = plant.disk.usedBytes + 10
        let refused = try plant.append(String(repeating: "x", count: 1000), to: [plant.a, plant.b])
        plant.log.runCommitRound()
        #expect(code(refused) == .noSpace)
        #expect(try plant.values(plant.a) == ["kept"])
        plant.disk.capacity = .max
        let again = try plant.append("again", to: [plant.a, plant.b])
        plant.log.runCommitRound()
        #expect(try again.get() == [Offset(1)..<Offset(2), Offset(0)..<Offset(1)])
        #expect(try plant.values(plant.a) == ["kept", "again"])
    }

    @Test("an append over several partitions fails whole, and one that only shares the round does not")
    func whole() throws {
        let plant = try Plant()
        let writes = Counter(start: 0)
        plant.disk.onOperation { operation in
            // The first write of the round goes well, the next one fails.
            if operation.kind == .write, writes.next() == 1 { plant.disk.faults.writes = 1000 }
        }
        let alone = try plant.append("alone", to: [plant.b])
        let both = try plant.append("both", to: [plant.b, plant.a])
        let behind = try plant.append("behind", to: [plant.a])
        plant.log.runCommitRound()
        plant.disk.faults.writes = 0
        plant.disk.onOperation(nil)
        #expect(code(both) == .storage && code(behind) == .storage)
        // It shares a partition with one that failed.
        #expect(code(alone) == .storage)
        #expect(try plant.values(plant.a).isEmpty)
        #expect(try plant.values(plant.b).isEmpty)
    }

    @Test("a waiter that joins while a flush runs is not released by it")
    func lateWaiter() throws {
        let plant = try Plant()
        let joined = Outcome()
        let (log, a) = (plant.log, plant.a)
        plant.disk.duringSync {
            plant.disk.duringSync(nil)
            _ = try? log.stage(Append([Append.Batch(batch(["late"]), to: a)]) { joined.set($0) })
        }
        let first = try plant.append("early", to: [plant.a])
        plant.log.runCommitRound()
        #expect(code(first) == nil)
        #expect(!joined.isSet)
        #expect(try plant.values(plant.a) == ["early"])
        plant.log.runCommitRound()
        #expect(try joined.get() == [Offset(1)..<Offset(2)])
    }
}
