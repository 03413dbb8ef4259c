import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

@Suite("Deleting a partition")
struct DeletingPartitionsTests {
    private let clock = SimulatedClock()
    private let name = TopicPartition(topic: "orders", partition: 0)

    private func open(_ disk: SimulatedDisk) throws -> LogDirectory {
        var configuration = LogDirectoryConfiguration(path: "/log")
        configuration.segmentBytes = 1024
        return try LogDirectory.open(configuration, disk: disk, clock: clock.logClock, random: Counter().next)
    }

    private func create(_ log: LogDirectory, _ topic: String, seed: UInt64) throws -> Partition {
        try log.createPartitions(topic: topic, id: Identifier(random: Counter(start: seed).next), count: 1)
        let partition = try #require(log.partition(TopicPartition(topic: topic, partition: 0)))
        log.followSyncedEnd(partition)
        return partition
    }

    private func fill(_ log: LogDirectory, _ partition: Partition, _ count: Int = 40) throws {
        for number in 0..<count {
            let outcome = Outcome()
            let value = "\(number) " + String(repeating: "z", count: 80)
            try log.stage(Append([Append.Batch(batch([value]), to: partition)]) { outcome.set($0) })
            log.runCommitRound()
            _ = try outcome.get()
        }
        clock.advance(milliseconds: 1000)
        log.runCommitRound()
    }

    private func code(_ body: () throws -> Void) -> LogStoreError.Code? {
        do { try body() } catch { return (error as? LogStoreError)?.code }
        return nil
    }

    @Test("takes its folder out at once, and its files and its mark for good")
    func deletes() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try open(disk)
        let (orders, items) = (try create(log, "orders", seed: 9), try create(log, "items", seed: 19))
        try fill(log, orders)
        try fill(log, items)
        let used = log.usedBytes
        log.remove([orders])
        #expect(log.partition(name) == nil && orders.isDeleted)
        let folders = Set(disk.paths.filter { $0.contains("orders") }.map { $0.split(separator: "/")[1] })
        #expect(folders.count == 1)
        let folder = try #require(folders.first)
        #expect(folder.hasPrefix("orders-0.") && folder.hasSuffix("-delete") && folder.utf8.count == 48)
        #expect(log.usedBytes < used)
        while try log.removeDeletedFiles(limit: 3) {}
        #expect(!disk.paths.contains { $0.contains("orders") } && !log.hasDeletedFiles)
        try fill(log, items, 3)
        log.close()
        let again = try open(disk.afterPowerCut())
        #expect(again.recovery.damages.isEmpty && again.recovery.notes.isEmpty)
        #expect(again.partitions.map(\.topicPartition.topic) == ["items"])
        #expect(again.partitions.first?.syncedEnd == Offset(43))
    }

    @Test("refuses what is staged and what comes, ends waits, and lets a reader go on with a file that it has")
    func others() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try open(disk)
        let (orders, items) = (try create(log, "orders", seed: 9), try create(log, "items", seed: 19))
        try fill(log, orders)
        let end = log.highWatermark(of: orders)
        let slice = try #require(try log.slices(orders, from: .zero, upTo: end, maxBytes: 500).first)
        let woken = Mutex(0)
        #expect(log.whenReadable(orders, beyond: end) { woken.withLock { $0 += 1 } } != nil)
        let (staged, shared) = (Outcome(), Outcome())
        try log.stage(Append([Append.Batch(batch(["late"]), to: orders)]) { staged.set($0) })
        try log.stage(
            Append([Append.Batch(batch(["a"]), to: orders), Append.Batch(batch(["b"]), to: items)]) { shared.set($0) })
        log.remove([orders])
        while try log.removeDeletedFiles() {}
        #expect(code { _ = try staged.get() } == .deleted && code { _ = try shared.get() } == .deleted)
        #expect(woken.withLock(\.self) == 1)
        #expect(log.whenReadable(orders, beyond: end) { woken.withLock { $0 += 1 } } == nil)
        #expect(code { try log.stage(Append([Append.Batch(batch(["v"]), to: orders)]) { _ in }) } == .deleted)
        #expect(code { _ = try log.read(orders, from: .zero, upTo: end, maxBytes: 500) } == .deleted)
        #expect(code { try log.deleteRecords(of: orders, below: Offset(3)) } == .deleted)
        #expect(code { try log.roll(orders) } == .deleted)
        #expect(try slice.file.bytes(at: slice.position, count: slice.length).count == slice.length)
        // What shared an append with it goes on as if that had never been.
        try fill(log, items, 2)
        #expect(log.highWatermark(of: items) == Offset(2))
    }

    @Test("of a buffered partition keeps no file open that would hold the disk's room")
    func buffered() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try open(disk)
        let orders = try create(log, "orders", seed: 9)
        var policy = PartitionPolicy()
        policy.durability = .buffered(syncEvery: .seconds(1))
        log.configure(orders, policy)
        var first = Append.Batch(batch(["v"]), to: orders)
        #expect(try log.writeNow(&first) != nil)
        log.remove([orders])
        #expect(code { try log.stage(Append([Append.Batch(batch(["v"]), to: orders)]) { _ in }) } == .deleted)
        clock.advance(milliseconds: 5000)
        log.runCommitRound()
        while try log.removeDeletedFiles() {}
        #expect(!disk.paths.contains { $0.contains("orders") })
        log.close()
        #expect(try open(disk.afterPowerCut()).recovery.damages.isEmpty)
    }

    @Test("that the disk refuses at first is made up for before the name is used again")
    func refusedAtFirst() throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try open(disk)
        let orders = try create(log, "orders", seed: 9)
        try fill(log, orders)
        let events = Mutex<[String]>([])
        log.onEvent { event in
            if case .deletionPostponed = event { events.withLock { $0.append("postponed") } }
        }
        disk.faults.names = 1000
        log.remove([orders])
        #expect(events.withLock(\.self) == ["postponed"] && log.partition(name) == nil)
        #expect(code { _ = try create(log, "orders", seed: 29) } != nil)
        #expect(code { _ = try log.removeDeletedFiles() } != nil)
        disk.faults.names = 0
        let next = try create(log, "orders", seed: 29)
        try fill(log, next, 2)
        while try log.removeDeletedFiles() {}
        #expect(log.highWatermark(of: next) == Offset(2))
        log.close()
        let again = try open(disk.afterPowerCut())
        #expect(again.recovery.damages.isEmpty && again.partition(name)?.syncedEnd == Offset(2))
    }

    @Test("survives power loss at any call: the partition is there whole, or nothing of it is missed")
    func powerCuts() throws {
        var outcomes: Set<Bool> = []
        for cut in 1... {
            let first = SimulatedDisk(seed: UInt64(cut))
            let before = try open(first)
            try fill(before, try create(before, "orders", seed: 9))
            try fill(before, try create(before, "items", seed: 19))
            before.close()
            let disk = first.afterKill()
            disk.powerCutAt = cut
            do {
                let log = try open(disk)
                log.remove([try #require(log.partition(name))])
                while try log.removeDeletedFiles(limit: 4) {}
                try fill(log, try create(log, "orders", seed: 29), 2)
                log.close()
                if disk.isPowered { break }
            } catch {
                try #require(!disk.isPowered, "cut at \(cut): \(error)")
            }
            let survivor = disk.afterPowerCut()
            let verified = try LogVerification.run("/log", disk: survivor.afterKill())
            #expect(verified.damages.isEmpty, "cut at \(cut): \(verified.damages)")
            let again = try open(survivor)
            #expect(again.recovery.damages.isEmpty, "cut at \(cut): \(again.recovery.damages)")
            #expect(again.partition(TopicPartition(topic: "items", partition: 0))?.syncedEnd == Offset(40))
            let old = again.partition(name).flatMap { $0.syncedEnd == Offset(40) ? $0 : nil }
            outcomes.insert(old != nil)
            if let old { again.remove([old]) }
            while try again.removeDeletedFiles() {}
            #expect(!survivor.paths.contains { $0.contains("-delete") }, "cut at \(cut)")
        }
        #expect(outcomes == [true, false])
    }
}
