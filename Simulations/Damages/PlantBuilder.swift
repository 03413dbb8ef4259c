import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization

/// Makes a data folder that has a file of every kind: several lives of a broker, with unclean starts, torn tails, a repair, deleted
/// records and compactions.
///
/// Used by one thread. `@unchecked Sendable` because the disk's hook, which is `@Sendable`, runs on that thread, inside a call
/// that it makes.
final class PlantBuilder: @unchecked Sendable {
    /// The calendar at the beginning.
    static let start: Int64 = 1_767_225_600_000

    private var generator: SeededGenerator
    private let clock = SimulatedClock(wall: PlantBuilder.start)
    private var disk: SimulatedDisk
    private let segmentBytes: Int
    private var broker: Broker
    private var earlier: [SimulatedDisk] = []
    private var known = KnownBatches()
    private var number = 0
    private var sequence: Int32 = 0
    private var lsn: UInt64 = 0x100_0000
    /// The folder as kills at random moments would leave it.
    private(set) var killed: [(disk: SimulatedDisk, clock: SimulatedClock)] = []
    private let kills: Int

    /// - Parameter kills: per mille of the disk's operations after which a kill is tried.
    init(seed: UInt64, kills: Int = 0) throws(Violation) {
        generator = SeededGenerator(seed: seed)
        segmentBytes = generator.element(of: [1536, 2048, 3072])
        self.kills = kills
        disk = SimulatedDisk(seed: generator.next())
        broker = try PlantFolder.open(disk, clock, segmentBytes: segmentBytes, random: generator.next())
        watch()
    }

    func build(_ leaving: PlantFolder.Leaving) async throws(Violation) -> PlantFolder {
        try await createTopics()
        try work(rounds: 14)
        try restart(afterKill: true)
        try work(rounds: 8)
        try restart(afterKill: false)
        try repair()
        try work(rounds: 6)
        try await delete()
        try compact()
        try work(rounds: 6)
        try tear()
        try work(rounds: 6)
        return try await leave(leaving)
    }

    // MARK: The work

    private func createTopics() async throws(Violation) {
        try await attempt { () async throws(BrokerError) in
            try await self.broker.admin.createTopic("orders", TopicConfiguration(partitionCount: 2))
            try await self.broker.admin.createTopic(
                "alarms", TopicConfiguration(durability: .buffered(syncEvery: .milliseconds(500))))
            var compacted = TopicConfiguration()
            compacted.keeping.cleanup = .compact
            compacted.keeping.compaction.dirtyRatio = 0
            try await self.broker.admin.createTopic("states", compacted)
            try await self.broker.admin.createTopic("telegrams")
            try await self.broker.admin.createTopic("gauges")
            let source = try self.broker.sourceNow(slot: PlantFolder.slot)
            for topic in ["erp.items", "erp.work_orders"] { try source.createTopicNow(topic) }
        }
    }

    /// A round is 800 ms, so that the marks are written now and then.
    private func work(rounds: Int) throws(Violation) {
        for round in 0..<rounds {
            for (topic, partition) in [("orders", 0), ("orders", 1), ("alarms", 0), ("gauges", 0)] as [(String, Int32)]
            {
                try append(try batch(generator.within(1...3)), to: TopicPartition(topic: topic, partition: partition))
            }
            let states = TopicPartition(topic: "states", partition: 0)
            try append(try batch(generator.within(1...2), keys: 6), to: states)
            try produce()
            try capture()
            if round % 2 == 0 { try commitOffsets() }
            clock.advance(milliseconds: 800)
            broker.directory.runCommitRound()
            if round % 3 == 2 { try remember() }
        }
    }

    private func value() -> [UInt8] {
        number += 1
        return Array("record \(number) ".utf8) + generator.bytes(generator.within(10...60))
    }

    private func batch(_ count: Int, keys: Int? = nil) throws(Violation) -> [UInt8] {
        var builder = RecordBatchBuilder()
        for _ in 0..<count {
            builder.append(
                key: keys.map { Array("k\(generator.below($0))".utf8) }, value: value(), timestamp: clock.wall)
        }
        var compressor = RecordCompressor(
            generator.element(of: [.uncompressed, .uncompressed, .gzip, .snappy, .lz4, .zstd]))
        do throws(RecordFormatError) {
            return try builder.finish(with: &compressor)
        } catch {
            throw Violation("a batch is not made: \(error)")
        }
    }

    private func append(_ batch: [UInt8], to name: TopicPartition) throws(Violation) {
        guard let partition = broker.directory.partition(name) else { throw Violation("\(name) is gone") }
        do throws(LogStoreError) {
            try broker.directory.stage(Append([Append.Batch(batch, to: partition)]) { _ in })
        } catch {
            throw Violation("an append is refused: \(error)")
        }
        broker.directory.runCommitRound()
    }

    /// A producer's transaction in two batches, every other one aborted.
    private func produce() throws(Violation) {
        let name = TopicPartition(topic: "telegrams", partition: 0)
        for _ in 0..<2 {
            try append(producerBatch(try batch(1), sequence: sequence, attributes: 1 << 4), to: name)
            sequence += 1
        }
        let marker = TransactionMarker(sequence % 4 == 0 ? .commit : .abort, coordinatorEpoch: 1)
        var builder = RecordBatchBuilder()
        builder.append(key: marker.key, value: marker.value, timestamp: clock.wall)
        try append(producerBatch(builder.finish(), sequence: -1, attributes: 1 << 4 | 1 << 5), to: name)
    }

    private func producerBatch(_ batch: [UInt8], sequence: Int32, attributes: Int16) -> [UInt8] {
        var batch = batch
        batch.withUnsafeMutableBytes { bytes in
            let former = Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: 21, as: Int16.self))
            bytes.storeBytes(of: (former | attributes).bigEndian, toByteOffset: 21, as: Int16.self)
            bytes.storeBytes(of: Int64(7).bigEndian, toByteOffset: 43, as: Int64.self)
            bytes.storeBytes(of: Int16(0).bigEndian, toByteOffset: 51, as: Int16.self)
            bytes.storeBytes(of: sequence.bigEndian, toByteOffset: 53, as: Int32.self)
            let crc = crc32c(UnsafeRawBufferPointer(rebasing: bytes[21...]))
            bytes.storeBytes(of: crc.bigEndian, toByteOffset: 17, as: UInt32.self)
        }
        return batch
    }

    /// An ERP transaction with rows in both topics.
    private func capture() throws(Violation) {
        let rows = [try batch(generator.within(1...2)), try batch(1)]
        lsn += 16
        try attempt { () throws(BrokerError) in
            let source = try self.broker.sourceNow(slot: PlantFolder.slot)
            var ranges: [TopicRange] = []
            for (topic, batch) in zip(["erp.items", "erp.work_orders"], rows) {
                let range = try source.appendRows(batch, to: topic)
                ranges.append(
                    TopicRange(topic: topic, partition: 0, start: range.lowerBound, end: range.upperBound))
            }
            let commit = CommitRecord(
                commitLSN: LSN(self.lsn), endLSN: LSN(self.lsn + 8), transactionID: UInt32(self.number), commitTime: 1,
                ranges: ranges)
            try source.appendIndex(.commit(commit)) { _ in }
        }
    }

    private func commitOffsets() throws(Violation) {
        let offset = CommittedOffset(Offset(Int64(number)), metadata: "by \(number)")
        let group = generator.element(of: ["mes", "scada", "line 7"])
        let name = TopicPartition(topic: "orders", partition: 0)
        try attempt { () throws(BrokerError) in
            try self.broker.commitOffsetsNow(group: group, [name: offset]) { _ in }
        }
    }

    // MARK: What happens to a plant

    private func restart(afterKill isKilled: Bool) throws(Violation) {
        try remember()
        if !isKilled { broker.directory.close() }
        try reopen(on: disk.afterKill())
    }

    private func reopen(on next: SimulatedDisk) throws(Violation) {
        disk = next
        broker = try PlantFolder.open(disk, clock, segmentBytes: segmentBytes, random: generator.next())
        _ = try Answers(of: broker)
        watch()
    }

    /// A segment rots and is repaired, which leaves a gap and what was set aside.
    private func repair() throws(Violation) {
        broker.directory.close()
        let next = disk.afterKill()
        let logs = next.paths.filter { $0.contains("/gauges-0/") && $0.hasSuffix(".log") }
        guard logs.count > 1, var bytes = next.bytes(of: logs[logs.count - 2]) else {
            throw Violation("gauges have too few segments")
        }
        // In the records of the first batch.
        bytes[RecordBatchHeader.encodedSize + generator.below(8)] ^= 0xFF
        try next.put(bytes, at: logs[logs.count - 2])
        do throws(LogStoreError) {
            _ = try LogRepair.run(PlantFolder.path, disk: next, at: clock.wall, isDryRun: false)
            try DiskBudgetFile.write(
                DiskBudget(bytes: 4_000_000, reserve: 2048), in: PlantFolder.path, onDisk: next)
        } catch {
            throw Violation("a repair fails: \(error)")
        }
        try reopen(on: next.afterKill())
    }

    private func delete() async throws(Violation) {
        let name = TopicPartition(topic: "orders", partition: 1)
        let end = broker.directory.partition(name).map { broker.directory.highWatermark(of: $0).rawValue } ?? 0
        try await attempt { () async throws(BrokerError) in
            try await self.broker.admin.deleteRecords(name, below: Offset(end / 3))
        }
        try remember()
    }

    private func compact() throws(Violation) {
        clock.advance(milliseconds: 11_000)
        try settle()
        while true {
            switch broker.compact() {
            case .idle: return
            case .failed(let name, let error): throw Violation("compaction of \(name) fails: \(error)")
            case .working, .finished: break
            }
        }
    }

    /// A kill amid a write.
    private func tear() throws(Violation) {
        try settle()
        try remember()
        let next = disk.afterKill()
        guard let log = next.paths.last(where: { $0.contains("/alarms-0/") && $0.hasSuffix(".log") }),
            let bytes = next.bytes(of: log)
        else { throw Violation("alarms have no log") }
        try next.put(bytes + generator.bytes(generator.within(1...90)), at: log)
        try reopen(on: next)
    }

    /// A second of quiet: everything is synced, and the marks say so.
    private func settle() throws(Violation) {
        for _ in 0..<3 {
            clock.advance(milliseconds: 600)
            broker.directory.runCommitRound()
        }
    }

    private func remember() throws(Violation) {
        earlier.append(disk.afterKill())
        known.add(try Answers(of: broker))
    }

    private func leave(_ leaving: PlantFolder.Leaving) async throws(Violation) -> PlantFolder {
        try settle()
        var left = disk
        switch leaving {
        case .cleanStop: broker.directory.close()
        case .quiet: break
        case .compaction:
            try remember()
            let atRename = Mutex<SimulatedDisk?>(nil)
            let disk = disk
            disk.onOperation { operation in
                guard operation.kind == .rename, operation.path.contains(".seal") else { return }
                atRename.withLock { if $0 == nil { $0 = disk.afterKill() } }
            }
            do throws(LogStoreError) {
                if let states = broker.directory.partition(TopicPartition(topic: "states", partition: 0)) {
                    try broker.directory.roll(states)
                }
            } catch {
                throw Violation("a segment is not closed: \(error)")
            }
            try compact()
            disk.onOperation(nil)
            known.add(try Answers(of: broker))
            guard let found = atRename.withLock(\.self) else { throw Violation("no compaction put anything in place") }
            left = found
        }
        return try PlantFolder(
            leaving, left.afterKill(), clock, segmentBytes: segmentBytes, earlier: earlier, known: known)
    }

    // MARK: Kills

    private func watch() {
        if kills == 0 { return }
        let disk = disk
        disk.onOperation { [self] _ in
            if generator.chance(kills) { killed.append((disk.afterKill(), clock.fork())) }
        }
    }

    var killedSegmentBytes: Int { segmentBytes }

    private func attempt(_ body: () throws(BrokerError) -> Void) throws(Violation) {
        do throws(BrokerError) { try body() } catch { throw Violation("the plant's work fails: \(error)") }
    }

    private func attempt(_ body: () async throws(BrokerError) -> Void) async throws(Violation) {
        do throws(BrokerError) { try await body() } catch { throw Violation("the plant's work fails: \(error)") }
    }
}

extension DiskBudgetFile {
    fileprivate static func write(
        _ budget: DiskBudget, in folder: String, onDisk disk: SimulatedDisk
    ) throws(LogStoreError) {
        do throws(DiskError) {
            try write(budget, in: folder, on: disk)
        } catch {
            throw LogStoreError("Cannot remember the budget", error)
        }
    }
}
