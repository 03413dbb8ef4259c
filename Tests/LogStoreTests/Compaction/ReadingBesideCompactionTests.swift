import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

@Suite("Whoever has looked up a segment that a compaction replaces before it is opened")
struct ReadingBesideCompactionTests {
    /// Lets a test do something between a reader's look at the segments and its opening of the file.
    private final class InterruptedDisk: Disk {
        private struct Interruption {
            let suffix: String
            let body: @Sendable () -> Void
        }

        private let disk: SimulatedDisk
        private let next = Mutex<Interruption?>(nil)

        init(_ disk: SimulatedDisk) { self.disk = disk }

        /// Before the next file with this suffix is opened for reading, and only then.
        func beforeOpening(_ suffix: String, _ body: @escaping @Sendable () -> Void) {
            next.withLock { $0 = Interruption(suffix: suffix, body: body) }
        }

        var wasInterrupted: Bool { next.withLock { $0 == nil } }

        func open(_ path: String, _ mode: OpenMode) throws(DiskError) -> any DiskFile {
            let due = next.withLock { next -> Interruption? in
                guard mode == .read, let waiting = next, path.hasSuffix(waiting.suffix) else { return nil }
                next = nil
                return waiting
            }
            due?.body()
            return try disk.open(path, mode)
        }

        func createDirectory(_ path: String) throws(DiskError) { try disk.createDirectory(path) }
        func list(_ directory: String) throws(DiskError) -> [String] { try disk.list(directory) }
        func kind(of path: String) throws(DiskError) -> FileKind { try disk.kind(of: path) }
        func rename(_ source: String, to destination: String) throws(DiskError) {
            try disk.rename(source, to: destination)
        }
        func remove(_ path: String) throws(DiskError) { try disk.remove(path) }
        func syncDirectory(_ path: String) throws(DiskError) { try disk.syncDirectory(path) }
        func sync(_ files: [any DiskFile]) -> [DiskError?] { disk.sync(files) }
        func lock(_ path: String) throws(DiskError) -> (any DiskLock)? { try disk.lock(path) }
        func freeBytes(at path: String) throws(DiskError) -> Int64 { try disk.freeBytes(at: path) }
    }

    /// A log of 30 records of one key, and a compaction before one of its segments is opened.
    private func prepared(opening place: Int) throws -> (KeyedLog, InterruptedDisk) {
        let disk = SimulatedDisk(seed: 1)
        let seen = InterruptedDisk(disk)
        let plant = try KeyedLog(disk, through: seen)
        for number in 0..<30 {
            let record = Keyed.put("a", "\(number) " + String(repeating: "z", count: 90))
            try plant.append(
                try keyedBatch([record], by: .idempotent(7, sequence: Int32(number)), timestamp: Int64(number)))
        }
        try plant.roll()
        let (log, partition, policy, now) = (plant.log, plant.partition, plant.policy, plant.clock.wall)
        seen.beforeOpening(plant.logFiles.sorted()[place]) {
            do {
                let run = try CompactionRun(
                    partition, of: log, policy, at: now, below: log.highWatermark(of: partition), random: { 1 })
                while case .working = try run?.step() {}
            } catch {
                Issue.record(error)
            }
        }
        return (plant, seen)
    }

    @Test("reads what is there now", arguments: 0..<3)
    func reads(place: Int) throws {
        let (plant, seen) = try prepared(opening: place)
        let records = try plant.read().flatMap(\.records)
        #expect(seen.wasInterrupted)
        #expect(records.last?.offset == Offset(29))
        #expect(zip(records, records.dropFirst()).allSatisfy { $0.offset < $1.offset })
        #expect(try plant.offsets() == [29])
    }

    @Test("gets slices of what is there now")
    func slices() throws {
        let (plant, seen) = try prepared(opening: 0)
        let slices = try plant.log.slices(plant.partition, from: .zero, upTo: Offset(30), maxBytes: 1 << 20)
        #expect(seen.wasInterrupted)
        #expect(slices.first?.baseOffset == .zero && slices.last?.nextOffset == Offset(30))
    }

    @Test("finds the same record by time")
    func byTime() throws {
        let (plant, seen) = try prepared(opening: 0)
        let found = try plant.log.offset(in: plant.partition, at: time(3), upTo: Offset(30))
        #expect(seen.wasInterrupted)
        #expect(found?.offset == Offset(29))
    }
}
