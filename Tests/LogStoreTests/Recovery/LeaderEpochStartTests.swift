import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

@Suite("A start after")
struct LeaderEpochStartTests {
    private let orders = TopicPartition(topic: "orders", partition: 0)

    /// The leader epochs of the last batches of orders-0, after appending one more.
    private func lastEpochs(_ log: LogDirectory, _ count: Int) throws -> [Int32] {
        let partition = try #require(log.partition(orders))
        log.followSyncedEnd(partition)
        let outcome = Outcome()
        try log.stage(Append([Append.Batch(batch(["x"]), to: partition)]) { outcome.set($0) })
        log.runCommitRound()
        _ = try outcome.get()
        let end = partition.syncedEnd
        let read = try log.read(
            partition, from: end.advanced(by: -Int64(count)), upTo: end, maxBytes: 1 << 20)
        return read.batches.map { batch in
            Int32(bigEndian: batch.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 12, as: Int32.self) })
        }.suffix(count)
    }

    /// Changes that opening makes inside the partitions' folders.
    private func changes(opening disk: SimulatedDisk) throws -> ([String], LogDirectory) {
        let paths = Mutex<[String]>([])
        disk.onOperation { operation in paths.withLock { $0.append(operation.path) } }
        let log = try DamagedFolder.open(disk)
        disk.onOperation(nil)
        return (paths.withLock { $0 }.filter { $0.hasPrefix("/data/orders-") || $0.hasPrefix("/data/alarms-") }, log)
    }

    @Test("a clean stop goes on in the same leader epoch, and touches no partition's folder")
    func clean() throws {
        let disk = try DamagedFolder(isClosed: true).disk.afterKill()
        let (changed, log) = try changes(opening: disk)
        #expect(changed.isEmpty)
        #expect(try lastEpochs(log, 2) == [0, 0])
    }

    @Test("a kill begins the next leader epoch, and the one after a second kill the next but one")
    func unclean() throws {
        let disk = try DamagedFolder(isClosed: false).disk.afterKill()
        let (changed, log) = try changes(opening: disk)
        #expect(!changed.isEmpty)
        #expect(try lastEpochs(log, 2) == [0, 1])
        let again = try DamagedFolder.open(disk.afterKill())
        #expect(try lastEpochs(again, 3) == [0, 1, 2])
    }

    @Test("a power cut right after a start does not give out that start's leader epoch again")
    func powerCut() throws {
        let disk = try DamagedFolder(isClosed: false).disk.afterKill()
        _ = try DamagedFolder.open(disk)
        let log = try DamagedFolder.open(disk.afterPowerCut())
        #expect(try lastEpochs(log, 1) == [2])
    }

    @Test("the marker of a clean stop is gone, durably, before anything is appended")
    func marker() throws {
        let disk = try DamagedFolder(isClosed: true).disk.afterKill()
        let log = try DamagedFolder.open(disk)
        #expect(try lastEpochs(log, 1) == [0])
        let again = try DamagedFolder.open(disk.afterPowerCut())
        #expect(try lastEpochs(again, 1) == [1])
    }
}
