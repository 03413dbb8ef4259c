import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("Repairing a log")
struct LogRepairTests {
    private static let now = Timestamp(millisecondsSince1970: 1_790_000_000_000)

    private func repair(
        _ disk: SimulatedDisk, isDryRun: Bool = false
    ) throws(LogStoreError) -> LogRepair.Result {
        try LogRepair.run(DamagedFolder.path, disk: disk, at: Self.now, isDryRun: isDryRun)
    }

    private func verify(_ disk: SimulatedDisk) throws -> LogVerification.Result {
        try LogVerification.run(DamagedFolder.path, disk: disk.afterKill())
    }

    @Test(
        "leaves a log in which nothing is wrong that it has not said, whatever single damage there was",
        arguments: SingleDamage.allCases)
    func single(_ damage: SingleDamage) throws {
        let folder = try DamagedFolder(isClosed: damage != .missing)
        for (number, file) in folder.files.enumerated() where number % 3 == 0 || file.hasSuffix("9.log") {
            for disk in try damage.copies(of: folder, file).prefix(1) where !file.contains("/alarms-1") {
                let what = "\(damage), \(file)"
                let before = try verify(disk)
                let operations = disk.operations
                let planned = try repair(disk, isDryRun: true)
                #expect(disk.operations == operations, "\(what): a dry run changes something")
                let done = try repair(disk)
                #expect(done.steps == planned.steps, "\(what)")
                let after = try verify(disk)
                #expect(after.damages.isEmpty || !done.left.isEmpty, "\(what): \(after.damages), did \(done.steps)")
                #expect(before.damages.isEmpty || !done.steps.isEmpty || !done.left.isEmpty, "\(what)")
                #expect(try repair(disk).steps.isEmpty, "\(what): there is more to do after \(done.steps)")
                if after.damages.contains(where: { $0.file.hasSuffix("meta.properties") }) { continue }
                let log = try DamagedFolder.open(disk)
                ReadBack(log).expect(explainedBy: after, "\(what), after \(done.steps)")
                log.close()
                #expect(try verify(disk).gaps == after.gaps, "\(what), after a start")
            }
        }
    }

    /// A flipped bit in the middle of a closed segment, in the first bytes of the active one, and a missing segment.
    private func damaged(seed: UInt64) throws -> SimulatedDisk {
        let folder = try DamagedFolder(isClosed: true)
        let disk = folder.disk.afterKill()
        let logs = folder.files.filter { $0.hasSuffix(".log") && $0.contains("/orders-") }
        for (place, file) in logs.enumerated() where (UInt64(place) + seed) % 3 == 0 {
            var bytes = try #require(folder.disk.bytes(of: file))
            if bytes.isEmpty { continue }
            bytes[(bytes.count / 2 + Int(seed)) % bytes.count] ^= 4
            try DamagedFolder.put(bytes, at: file, on: disk)
        }
        return disk
    }

    @Test(
        "loses nothing that could be read, when power fails in the middle of it and it is run again", arguments: 0..<40)
    func powerCut(seed: UInt64) throws {
        let disk = try damaged(seed: seed)
        let before = try verify(disk)
        disk.powerCutAt = 1 + Int(seed * 7 % 90)
        do throws(LogStoreError) { _ = try repair(disk) } catch { #expect(!disk.isPowered, "\(error)") }
        let next = disk.isPowered ? disk : disk.afterPowerCut()
        // Between the two the broker may run.
        if seed % 2 == 0 {
            let log = try DamagedFolder.open(next)
            log.close()
        }
        let again = next.afterKill()
        _ = try repair(again)
        let after = try verify(again)
        #expect(after.damages.isEmpty, "\(after.damages)")
        let log = try DamagedFolder.open(again)
        let read = ReadBack(log)
        read.expect(explainedBy: before, "after \(before.damages)")
    }

    @Test("puts the damaged file under set-aside and its good batches in its place, and the loss has a name")
    func pieces() throws {
        let folder = try DamagedFolder(isClosed: true)
        let disk = folder.disk.afterKill()
        let file = DamagedFolder.path + "/orders-0/00000000000000000000.log"
        var bytes = try #require(disk.bytes(of: file))
        let batch = bytes.count / 9
        bytes[batch * 3 + 70] ^= 1
        try DamagedFolder.put(bytes, at: file, on: disk)
        let result = try repair(disk)
        #expect(result.left.isEmpty)
        #expect(result.steps.map(\.action) == [.recordGap, .replace])
        #expect(result.steps.map(\.offsets) == [Offset(3)..<Offset(4), .zero..<Offset(9)])
        #expect(disk.bytes(of: "/data/set-aside/2026-09-21T14-13-20Z/orders-0/00000000000000000000.log") == bytes)
        #expect(disk.bytes(of: file) == Array(bytes[..<(batch * 3)]))
        #expect(disk.bytes(of: "/data/orders-0/00000000000000000004.log") == Array(bytes[(batch * 4)...]))
        let verified = try verify(disk)
        #expect(verified.damages.isEmpty && verified.notes.isEmpty, "\(verified.notes)")
        #expect(verified.gaps.map(\.offsets) == [Offset(3)..<Offset(4)])
        let log = try DamagedFolder.open(disk)
        #expect(log.recovery.damages.isEmpty && log.recovery.gaps == verified.gaps)
        let partition = try #require(log.partition(TopicPartition(topic: "orders", partition: 0)))
        let error = #expect(throws: LogStoreError.self) {
            try log.read(partition, from: Offset(3), upTo: Offset(9), maxBytes: 1)
        }
        #expect(error?.nextReadable == Offset(4))
    }

    @Test("gives a batch its leader epoch back, which the segment's checksum proves")
    func epoch() throws {
        let folder = try DamagedFolder(isClosed: true)
        let disk = folder.disk.afterKill()
        let file = DamagedFolder.path + "/alarms-1/00000000000000000009.log"
        let bytes = try #require(disk.bytes(of: file))
        var changed = bytes
        changed[bytes.count / 9 * 2 + 13] ^= 8
        try DamagedFolder.put(changed, at: file, on: disk)
        let found = try verify(disk)
        #expect(found.damages.map(\.offsets) == [Offset(11)..<Offset(12)])
        #expect(found.damages.map(\.byte) == [bytes.count / 9 * 2 + 12])
        #expect(try repair(disk).steps.map(\.action) == [.rebuild])
        #expect(disk.bytes(of: file) == bytes)
        #expect(try verify(disk).damages.isEmpty)
    }

    @Test("has every mark back where synced-ends was lost")
    func marks() throws {
        let folder = try DamagedFolder(isClosed: true)
        let disk = folder.disk.afterKill()
        try disk.remove(DamagedFolder.path + "/" + SyncedEndsFile.fileName)
        #expect(try repair(disk).steps.map(\.action) == [.rebuild])
        let log = try DamagedFolder.open(disk)
        #expect(log.recovery.scannedBytes == 0 && log.recovery.notes.isEmpty)
        #expect(log.partitions.allSatisfy { $0.syncedEnd == Offset(Int64(DamagedFolder.recordCount)) })
    }

    @Test("has meta.properties back from synced-ends, and a start takes the folder again")
    func metaProperties() throws {
        let folder = try DamagedFolder(isClosed: true)
        let disk = folder.disk.afterKill()
        let file = DamagedFolder.path + "/meta.properties"
        let bytes = try #require(disk.bytes(of: file))
        try DamagedFolder.put(Array("version=1\n".utf8), at: file, on: disk)
        #expect(throws: LogStoreError.self) { try DamagedFolder.open(disk) }
        #expect(try repair(disk.afterKill(), isDryRun: true).steps.count == 1)
        let next = disk.afterKill()
        _ = try repair(next)
        #expect(next.bytes(of: file) == bytes)
        #expect(try DamagedFolder.open(next).partitions.count == 4)
    }

    @Test("lets a partition whose folder is gone go on behind what is lost, where its topic has another")
    func lostFolder() throws {
        let folder = try DamagedFolder(isClosed: true)
        let disk = folder.disk.afterKill()
        for file in folder.files where file.hasPrefix("/data/orders-1/") { try disk.remove(file) }
        try disk.remove("/data/orders-1")
        let before = try verify(disk)
        #expect(before.damages.map(\.offsets) == [.zero..<Offset(Int64(DamagedFolder.recordCount))])
        #expect(try repair(disk).steps.map(\.action) == [.recordGap])
        let after = try verify(disk)
        #expect(after.damages.isEmpty && after.gaps.map(\.offsets) == before.damages.map(\.offsets))
        let log = try DamagedFolder.open(disk)
        let partition = try #require(log.partition(TopicPartition(topic: "orders", partition: 1)))
        #expect(partition.syncedEnd == Offset(Int64(DamagedFolder.recordCount)))
        log.close()
        #expect(try verify(disk).gaps == after.gaps)
    }

    @Test("finishes a compaction that was interrupted before it looks for more")
    func compaction() throws {
        let folder = try DamagedFolder(isClosed: true)
        let disk = folder.disk.afterKill()
        let base = "/data/orders-0/00000000000000000000"
        for suffix in [".log", ".seal"] {
            try DamagedFolder.put(try #require(disk.bytes(of: base + suffix)), at: base + suffix + ".swap", on: disk)
        }
        try DamagedFolder.put([], at: base + ".log", on: disk)
        try disk.remove("/data/orders-0/00000000000000000009.seal")
        let result = try repair(disk)
        #expect(
            result.steps.map(\.file) == [
                base + ".log", "/data/orders-0/00000000000000000000.index", "/data/orders-0/00000000000000000009.seal",
            ])
        let verified = try verify(disk)
        #expect(verified.damages.isEmpty && verified.notes.isEmpty, "\(verified.notes)")
        ReadBack(try DamagedFolder.open(disk)).expect(explainedBy: verified, "after a compaction")
    }
}
