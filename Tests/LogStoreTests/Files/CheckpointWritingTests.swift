import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("The checkpoints of a clean stop")
struct CheckpointWritingTests {
    private func open(_ disk: SimulatedDisk) throws -> LogDirectory {
        let source = Counter()
        return try LogDirectory.open(
            LogDirectoryConfiguration(path: "/data"), disk: disk, clock: TestTime().clock, random: { source.next() })
    }

    private func text(_ disk: SimulatedDisk, _ name: OffsetCheckpoint.Name) throws -> String {
        String(decoding: try #require(disk.bytes(of: "/data/" + name.rawValue)), as: UTF8.self)
    }

    @Test("say where each partition begins and how far it is synced, and survive a power cut")
    func contents() throws {
        let disk = SimulatedDisk(seed: 3)
        let log = try open(disk)
        try log.createPartitions(topic: "orders", id: Identifier(random: Counter().next), count: 2)
        let partition = try #require(log.partition(TopicPartition(topic: "orders", partition: 1)))
        log.followSyncedEnd(partition)
        for _ in 0..<3 {
            try log.stage(Append([Append.Batch(batch(["a", "b"]), to: partition)]) { _ in })
            log.runCommitRound()
        }
        try log.deleteRecords(of: partition, below: Offset(4))
        log.close()
        let after = disk.afterPowerCut()
        #expect(try text(after, .recoveryPoint) == "0\n2\norders 0 0\norders 1 6\n")
        #expect(try text(after, .logStart) == "0\n2\norders 0 0\norders 1 4\n")
    }

    @Test("count for the log start when its durable mark is lost")
    func lostMark() throws {
        let disk = SimulatedDisk(seed: 3)
        let log = try open(disk)
        try log.createPartitions(topic: "orders", id: Identifier(random: Counter().next), count: 1)
        let name = TopicPartition(topic: "orders", partition: 0)
        let partition = try #require(log.partition(name))
        log.followSyncedEnd(partition)
        for _ in 0..<3 {
            try log.stage(Append([Append.Batch(batch(["a", "b"]), to: partition)]) { _ in })
            log.runCommitRound()
        }
        try log.deleteRecords(of: partition, below: Offset(3))
        log.close()
        try disk.remove("/data/" + SyncedEndsFile.fileName)
        #expect(try open(disk).partition(name)?.logStart == Offset(3))
    }

    /// A digit that has changed leaves a file that can be read.
    @Test(
        "that say otherwise than the log are named by a verification, with what the next start does",
        arguments: [
            ("recovery-point-offset-checkpoint", "orders 0 6", "orders 0 4"),
            ("log-start-offset-checkpoint", "orders 0 0", "orders 0 1"),
            ("orders-0/leader-epoch-checkpoint", "0 0", "2 0"), ("disk-budget", "=1", "=x"),
        ])
    func different(file: String, right: String, wrong: String) throws {
        let disk = SimulatedDisk(seed: 3)
        let log = try open(disk)
        try log.createPartitions(topic: "orders", id: Identifier(random: Counter().next), count: 1)
        let partition = try #require(log.partition(TopicPartition(topic: "orders", partition: 0)))
        log.followSyncedEnd(partition)
        for _ in 0..<3 {
            try log.stage(Append([Append.Batch(batch(["a", "b"]), to: partition)]) { _ in })
            log.runCommitRound()
        }
        try DiskBudgetFile.write(DiskBudget(bytes: 1, reserve: 0), in: "/data", on: disk)
        log.close()
        #expect(try LogVerification.run("/data", disk: disk.afterKill()).notes == [])
        let text = String(decoding: try #require(disk.bytes(of: "/data/" + file)), as: UTF8.self)
        let changed = text.replacing(right, with: wrong)
        try #require(changed != text)
        try DamagedFolder.put(Array(changed.utf8), at: "/data/" + file, on: disk)
        let verified = try LogVerification.run("/data", disk: disk.afterKill())
        #expect(
            verified.notes.count == 1
                && verified.notes.allSatisfy { $0.contains(file) && $0.contains("next") || $0.contains("anew") })
        #expect(verified.damages == [])
    }
}
