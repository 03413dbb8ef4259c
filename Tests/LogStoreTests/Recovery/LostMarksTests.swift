import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

@Suite("A log whose durable marks are lost")
struct LostMarksTests {
    private let marks = DamagedFolder.path + "/" + SyncedEndsFile.fileName
    private let orders = TopicPartition(topic: "orders", partition: 0)

    private func stopped() throws -> SimulatedDisk {
        let disk = try DamagedFolder(isClosed: true).disk.afterKill()
        try disk.remove(marks)
        return disk
    }

    /// The newest segment of orders-0 that holds something.
    private func active(_ disk: SimulatedDisk) throws -> String {
        let folder = DamagedFolder.path + "/orders-0"
        let logs = try DamagedFolder.files(of: folder, on: disk).filter { $0.hasSuffix(".log") }.sorted()
        return try #require(logs.last { disk.bytes(of: $0)?.isEmpty == false })
    }

    @Test("begins where Kafka's checkpoint says that it does")
    func logStart() throws {
        let disk = try DamagedFolder(isClosed: true).disk.afterKill()
        let log = try DamagedFolder.open(disk)
        let partition = try #require(log.partition(orders))
        log.followSyncedEnd(partition)
        try log.deleteRecords(of: partition, below: Offset(11))
        log.close()
        let next = disk.afterKill()
        try next.remove(marks)
        let again = try DamagedFolder.open(next)
        #expect(try #require(again.partition(orders)).logStart == Offset(11))
        #expect(again.recovery.damages.isEmpty)
        #expect(again.recovery.notes.contains { $0.contains(SyncedEndsFile.fileName) })
    }

    @Test("calls it damage when less is there than was synced once")
    func recoveryPoint() throws {
        let disk = try stopped()
        let file = try active(disk)
        let bytes = try #require(disk.bytes(of: file))
        try DamagedFolder.put(Array(bytes.dropLast(5)), at: file, on: disk)
        let found = try LogVerification.run(DamagedFolder.path, disk: disk.afterKill())
        let lost = Offset(Int64(DamagedFolder.recordCount - 1))..<Offset(Int64(DamagedFolder.recordCount))
        #expect(found.damages.map(\.offsets) == [lost] && found.tornTails.isEmpty)
        let log = try DamagedFolder.open(disk)
        #expect(log.recovery.damages == found.damages)
        #expect(try #require(log.partition(orders)).syncedEnd == lost.upperBound)
        #expect(disk.bytes(of: file) == Array(bytes.dropLast(5)))
    }

    @Test("cuts nothing that good batches follow, though no checkpoint speaks for it")
    func holes() throws {
        let disk = try stopped()
        try disk.remove(DamagedFolder.path + "/" + OffsetCheckpoint.Name.recoveryPoint.rawValue)
        let file = try active(disk)
        var bytes = try #require(disk.bytes(of: file))
        bytes[70] ^= 1
        try DamagedFolder.put(bytes, at: file, on: disk)
        let found = try LogVerification.run(DamagedFolder.path, disk: disk.afterKill())
        #expect(found.damages.count == 1 && found.tornTails.isEmpty)
        let log = try DamagedFolder.open(disk)
        #expect(log.recovery.damages == found.damages)
        #expect(disk.bytes(of: file) == bytes)
        ReadBack(log).expect(explainedBy: found, "a hole")
    }

    @Test("has them back when only the header of their file is damaged, and writes it anew")
    func header() throws {
        let disk = try DamagedFolder(isClosed: true).disk.afterKill()
        let bytes = try #require(disk.bytes(of: marks))
        var changed = bytes
        changed[14] ^= 1
        try DamagedFolder.put(changed, at: marks, on: disk)
        let log = try DamagedFolder.open(disk)
        #expect(log.recovery.scannedBytes == 0 && log.recovery.damages.isEmpty)
        #expect(disk.bytes(of: marks)?.prefix(4096) == bytes.prefix(4096))
    }

    @Test("keeps a file that stands where they should be")
    func foreign() throws {
        let disk = try stopped()
        try DamagedFolder.put(Array("something else".utf8), at: marks, on: disk)
        _ = try DamagedFolder.open(disk)
        #expect(disk.bytes(of: marks + ".damaged-1") == Array("something else".utf8))
    }
}
