import EdgeBrokerTesting
import LogStore
import Synchronization
import Testing

@Suite("Whoever waits for a log to open")
struct RecoveryProgressTests {
    @Test("hears of every partition, and of what had to be read", arguments: [1, 3])
    func progress(threads: Int) throws {
        let disk = try DamagedFolder(isClosed: false).disk.afterKill()
        try disk.remove(DamagedFolder.path + "/" + SyncedEndsFile.fileName)
        let heard = Mutex<[RecoveryProgress]>([])
        var configuration = LogDirectoryConfiguration(path: DamagedFolder.path)
        configuration.recoveryThreads = threads
        configuration.onRecoveryProgress = { progress in heard.withLock { $0.append(progress) } }
        let log = try LogDirectory.open(
            configuration, disk: disk, clock: SimulatedClock().logClock, random: Counter().next)
        let all = heard.withLock { $0 }
        #expect(all.map(\.partitions).sorted() == [1, 2, 3, 4])
        #expect(all.allSatisfy { $0.ofPartitions == 4 })
        #expect(all.map(\.scannedBytes).max() ?? 0 > 0 && log.recovery.scannedBytes > 0)
    }
}
