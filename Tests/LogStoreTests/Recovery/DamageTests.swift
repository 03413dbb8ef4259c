import EdgeBrokerTesting
import Foundation
import LogStore
import RecordFormat
import Testing

@Suite("Damage on disk")
struct DamageTests {
    /// Flips one bit of a file.
    private func flip(_ path: String, byte: Int) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(byte))
        let old = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: UInt64(byte))
        try file.write(contentsOf: Data([old ^ 1]))
        try file.close()
    }

    private func filled(segmentBytes: Int) throws -> TemporaryLog {
        let plant = try TemporaryLog(segmentBytes: segmentBytes)
        let topic = try plant.createTopic("orders")
        for number in 0..<100 { try plant.append(["value \(number) " + String(repeating: "z", count: 80)], to: topic) }
        return plant
    }

    @Test(
        "in a closed segment is named with its file and offsets, and everything else is read",
        arguments: [70, 400, 8, 14])
    func closedSegment(byte: Int) throws {
        let plant = try filled(segmentBytes: 2048)
        let path = plant.path + "/orders-0/00000000000000000000.log"
        plant.log.close()
        try flip(path, byte: byte)
        let found = try LogVerification.run(plant.path, disk: PosixDisk())
        let damage = try #require(found.damages.first)
        #expect(found.damages.count == 1)
        #expect(damage.file == path)
        #expect(damage.offsets.lowerBound >= .zero && damage.offsets.upperBound <= Offset(20))
        try plant.reopen()
        let topic = try plant.partition("orders")
        plant.log.followSyncedEnd(topic)
        var read: [String] = []
        var next = Offset.zero
        while next < Offset(100) {
            do {
                let values = try plant.values(topic, from: next)
                read += values
                next = Offset(100)
            } catch let error as LogStoreError {
                #expect(error.code == .corrupt)
                next = try #require(error.nextReadable)
            }
        }
        #expect(read.last?.hasPrefix("value 99 ") == true)
        #expect(read.allSatisfy { $0.hasSuffix("zzz") })
    }

    /// Two topics of one segment each, whose files of a name have changed places.
    private func exchanged(_ file: String) throws -> TemporaryLog {
        let plant = try TemporaryLog()
        let names = ["orders", "alarms"]
        for name in names {
            let topic = try plant.createTopic(name)
            for number in 0..<5 { try plant.append(["\(name) \(number)"], to: topic) }
        }
        plant.log.close()
        let files = names.map { "\(plant.path)/\($0)-0/\(file)" }
        try FileManager.default.moveItem(atPath: files[0], toPath: files[0] + "-other")
        try FileManager.default.moveItem(atPath: files[1], toPath: files[0])
        try FileManager.default.moveItem(atPath: files[0] + "-other", toPath: files[1])
        return plant
    }

    @Test("by which two logs changed places is reported, and neither is served under the other's name")
    func exchangedLogs() throws {
        let plant = try exchanged("00000000000000000000.log")
        let found = try LogVerification.run(plant.path, disk: PosixDisk())
        for name in ["orders", "alarms"] {
            let lost = found.damages.filter { $0.partition?.topic == name }.map(\.offsets)
            #expect(lost == [.zero..<Offset(5)])
        }
        try plant.reopen()
        #expect(plant.log.recovery.damages.map(\.offsets) == [.zero..<Offset(5), .zero..<Offset(5)])
        for name in ["orders", "alarms"] {
            let topic = try plant.partition(name)
            let next = try plant.append(["\(name) 5"], to: topic)
            #expect(next == Offset(5)..<Offset(6))
            plant.log.followSyncedEnd(topic)
            let error = #expect(throws: LogStoreError.self) { try plant.values(topic) }
            #expect(error?.nextReadable == Offset(5))
            #expect(try plant.values(topic, from: Offset(5)) == ["\(name) 5"])
        }
    }

    @Test("by which two partition.metadata changed places is put right")
    func exchangedMetadata() throws {
        let plant = try exchanged(PartitionMetadata.fileName)
        try plant.reopen()
        #expect(plant.log.recovery.damages.isEmpty)
        #expect(plant.log.recovery.notes.filter { $0.contains("named another topic") }.count == 2)
        for name in ["orders", "alarms"] {
            let topic = try plant.partition(name)
            plant.log.followSyncedEnd(topic)
            #expect(try plant.values(topic) == (0..<5).map { "\(name) \($0)" })
        }
    }

    @Test("below the durable mark is not cut, above it is", arguments: [true, false])
    func activeSegment(isMarked: Bool) throws {
        let plant = try filled(segmentBytes: 1 << 20)
        if isMarked {
            plant.pass(.seconds(1))
            plant.log.runCommitRound()
        }
        // A copy, as a power cut would leave it: the process that has it open does not close it cleanly.
        let copy = plant.path + "-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: plant.path, toPath: copy)
        let path = copy + "/orders-0/00000000000000000000.log"
        let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        try flip(path, byte: size - 5)
        let found = try LogVerification.run(copy, disk: PosixDisk())
        let log = try LogDirectory.open(
            LogDirectoryConfiguration(path: copy), disk: PosixDisk(), clock: .system, random: { 5 })
        defer { log.close() }
        let topic = try #require(log.partition(TopicPartition(topic: "orders", partition: 0)))
        #expect(topic.syncedEnd == Offset(isMarked ? 100 : 99))
        #expect(log.recovery.tornTails.count == (isMarked ? 0 : 1))
        #expect(found.damages.map(\.offsets) == (isMarked ? [Offset(99)..<Offset(100)] : []))
        #expect(found.tornTails.count == (isMarked ? 0 : 1))
    }

    @Test("below the mark hides no torn tail above it: verifying sees what the next start keeps")
    func bothSidesOfTheMark() throws {
        let clock = SimulatedClock()
        let disk = SimulatedDisk(seed: 1)
        let (log, orders) = try openOrders(on: disk, clock: clock)
        var ends: [Int] = []
        for number in 0..<4 {
            if number == 2 {
                clock.advance(milliseconds: 1000)
                log.runCommitRound()
            }
            let outcome = Outcome()
            try log.stage(Append([Append.Batch(batch(["value \(number)"]), to: orders)]) { outcome.set($0) })
            log.runCommitRound()
            _ = try outcome.get()
            ends.append(try #require(disk.bytes(of: "/log/orders-0/00000000000000000000.log")).count)
        }
        let killed = disk.afterKill()
        let file = try killed.open("/log/orders-0/00000000000000000000.log", .readWrite)
        for end in [ends[1], ends[2]] {
            let byte = try file.bytes(at: end - 2, count: 1).map { $0 ^ 1 }
            _ = try byte.withUnsafeBytes { try file.write($0, at: end - 2) }
        }
        var visited = 0
        let found = try LogVerification.run("/log", disk: killed.afterKill(), visit: { _, _ in visited += 1 })
        #expect(found.damages.map(\.offsets) == [Offset(1)..<Offset(2)])
        #expect(visited == 1)
        let (again, partition) = try openOrders(on: killed, clock: clock)
        #expect(partition.syncedEnd == Offset(2) && again.recovery.tornTails.count == 1)
    }

    @Test("a missing segment is a gap that is named, never silence")
    func missingSegment() throws {
        let plant = try filled(segmentBytes: 2048)
        plant.log.close()
        let folder = plant.path + "/orders-0/"
        let logs = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".log") }.sorted()
        try FileManager.default.removeItem(atPath: folder + logs[1])
        let found = try LogVerification.run(plant.path, disk: PosixDisk())
        #expect(found.damages.count == 1)
        try plant.reopen()
        #expect(plant.log.recovery.damages.map(\.offsets) == found.damages.map(\.offsets))
        #expect(try plant.partition("orders").syncedEnd == Offset(100))
    }

    /// Offsets and checksums of its batches fit: only the fingerprint tells whose they are.
    @Test("that puts a shorter file of another partition in a log's place is seen, and none of its batches is served")
    func shorterFile() throws {
        let folder = try DamagedFolder(isClosed: true)
        let own = try #require(folder.files.last { $0.contains("/orders-0/") && $0.hasSuffix(".log") })
        let other = try #require(folder.disk.bytes(of: own.replacing("/orders-0/", with: "/alarms-0/")))
        let size = try other.withUnsafeBytes { try RecordBatchHeader(decoding: $0).totalSize }
        try #require(size < other.count)
        let disk = folder.disk.afterKill()
        try DamagedFolder.put(Array(other.prefix(size)), at: own, on: disk)
        let verified = try LogVerification.run(DamagedFolder.path, disk: disk.afterKill())
        #expect(verified.damages.map(\.file) == [own])
        try ReadBack(DamagedFolder.open(disk)).expect(explainedBy: verified, "a shorter file")
    }
}
