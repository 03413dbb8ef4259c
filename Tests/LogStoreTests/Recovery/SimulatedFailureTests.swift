import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

/// Accidents that the simulation of power cuts has found, each in its smallest form.
@Suite("A log on a failing disk")
struct SimulatedFailureTests {
    private let clock = SimulatedClock()

    private func open(_ disk: SimulatedDisk, segmentBytes: Int = 64 << 20) throws -> LogDirectory {
        var configuration = LogDirectoryConfiguration(path: "/data")
        configuration.segmentBytes = segmentBytes
        return try LogDirectory.open(configuration, disk: disk, clock: clock.logClock, random: Counter().next)
    }

    private func create(_ log: LogDirectory, following: Bool = true) throws -> Partition {
        try log.createPartitions(topic: "orders", id: Identifier(random: Counter(start: 9).next), count: 1)
        let partition = try partition(log)
        if following { log.followSyncedEnd(partition) }
        return partition
    }

    private func partition(_ log: LogDirectory) throws -> Partition {
        try #require(log.partition(TopicPartition(topic: "orders", partition: 0)))
    }

    private func append(_ values: [String], to partition: Partition, of log: LogDirectory) throws {
        let outcome = Outcome()
        try log.stage(Append([Append.Batch(batch(values), to: partition)]) { outcome.set($0) })
        log.runCommitRound()
        _ = try outcome.get()
    }

    private func values(_ log: LogDirectory) throws -> [String] {
        let partition = try partition(log)
        let read = try log.read(partition, from: .zero, upTo: partition.syncedEnd, maxBytes: 1 << 20)
        return try read.batches.flatMap { batch in
            try batch.withUnsafeBytes { try decodeRecords($0) }.map {
                String(decoding: $0.record.value ?? [], as: UTF8.self)
            }
        }
    }

    @Test("keeps what a topic holds when it is created again where its creation was cut short")
    func createdAgain() throws {
        let disk = SimulatedDisk(seed: 1)
        let first = try open(disk)
        // Its partition is found by the next start, given up, and made again.
        _ = try create(first)
        let next = disk.afterKill()
        let second = try open(next)
        #expect(second.forgetIfEmpty(try partition(second)))
        let made = try create(second)
        try append(["a", "b"], to: made, of: second)
        second.close()
        #expect(try values(open(next.afterKill())) == ["a", "b"])
    }

    @Test("makes durable what a failed sync left in the page cache, before anybody reads it", arguments: 1...40)
    func failedSyncThenKill(seed: UInt64) throws {
        let disk = SimulatedDisk(seed: seed)
        let log = try open(disk)
        let orders = try create(log)
        try append(["a"], to: orders, of: log)
        disk.faults.syncs = 1000
        let outcome = Outcome()
        try log.stage(Append([Append.Batch(batch(["b"]), to: orders)]) { outcome.set($0) })
        log.runCommitRound()
        #expect(throws: LogStoreError.self) { try outcome.get() }

        let afterKill = disk.afterKill()
        let seen = try values(open(afterKill))
        let afterCut = try values(open(afterKill.afterPowerCut()))
        #expect(seen.first == "a")
        #expect(afterCut == seen, "what was served after the kill changed with the power cut")
    }

    @Test("makes durable the name of a segment that was rewritten by a process that was killed", arguments: 1...60)
    func rewrittenThenKill(seed: UInt64) throws {
        let disk = SimulatedDisk(seed: seed)
        let log = try open(disk)
        let orders = try create(log)
        try append(["a"], to: orders, of: log)
        clock.advance(milliseconds: 200)
        log.runCommitRound()
        disk.faults.syncs = 1000
        try log.stage(Append([Append.Batch(batch(["b"]), to: orders)]) { _ in })
        log.runCommitRound()
        disk.faults = .none
        // Killed somewhere in the rewriting, a second later.
        disk.powerCutAt = disk.operations + 1 + Int(seed % 8)
        clock.advance(milliseconds: 1100)
        log.runCommitRound()

        let next = disk.afterKill()
        let second = try open(next)
        try append(["c"], to: partition(second), of: second)
        #expect(try values(open(next.afterPowerCut())).last == "c")
    }

    @Test("does not touch a segment again when a cut failed half way", arguments: 1...40)
    func failedCut(seed: UInt64) throws {
        let disk = SimulatedDisk(seed: seed)
        let log = try open(disk, segmentBytes: 1024)
        let orders = try create(log, following: false)
        let long = String(repeating: "x", count: 400)
        for value in [long + "1", long + "2", long + "3"] { try append([value], to: orders, of: log) }
        // Back into the first segment, which the cut must open again.
        disk.faults.syncs = 300
        disk.faults.writes = 300
        do throws(LogStoreError) { try log.cut(orders, to: Offset(1)) } catch { #expect(error.code == .storage) }
        disk.faults = .none
        log.close()
        #expect(try values(open(disk.afterKill(), segmentBytes: 1024)).first == long + "1")
    }

    @Test("does not take a batch for another one because its offset, outside its CRC, has changed")
    func offsetRot() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try open(disk)
        let orders = try create(log)
        try append(["a", "b"], to: orders, of: log)
        try append(["c", "d"], to: orders, of: log)
        try append(["e", "f"], to: orders, of: log)
        log.close()
        // The first batch's CRC, and the second one's base offset, which now says 1.
        let path = "/data/orders-0/00000000000000000000.log"
        let size = try #require(disk.bytes(of: path)).count / 3
        try overwrite(path, on: disk, at: 20)
        try overwrite(path, on: disk, at: size + 7, with: 1)
        let damaged = try open(disk.afterKill())
        let partition = try partition(damaged)
        let error = #expect(throws: LogStoreError.self) {
            try damaged.read(partition, from: .zero, upTo: Offset(6), maxBytes: 1 << 20)
        }
        #expect(error?.code == .corrupt)
        #expect(error?.nextReadable == Offset(4))
    }

    private func overwrite(_ path: String, on disk: SimulatedDisk, at position: Int, with byte: UInt8? = nil) throws {
        let file = try disk.open(path, .readWrite)
        let old = try #require(disk.bytes(of: path))[position]
        #expect(try [byte ?? ~old].withUnsafeBytes { try file.write($0, at: position) } == 1)
    }
}
