import EdgeBroker
import EdgeBrokerTesting
import LogStore
import RecordFormat
import Synchronization
import Testing

/// A broker on a simulated disk, driven by hand: nothing happens by itself, and no thread runs.
final class SimulatedBroker {
    private(set) var disk: SimulatedDisk
    let clock = SimulatedClock()
    private let segmentBytes: Int
    private let checkpointBytes: Int
    private let budget: DiskBudget?
    private(set) var broker: Broker

    init(segmentBytes: Int = 4096, checkpointBytes: Int = 1024, budget: DiskBudget? = nil) throws {
        self.budget = budget
        disk = SimulatedDisk(seed: 1)
        try disk.createDirectory("/data")
        self.segmentBytes = segmentBytes
        self.checkpointBytes = checkpointBytes
        broker = try Self.open(disk, clock, 1, segmentBytes, checkpointBytes, budget)
    }

    private static func open(
        _ disk: SimulatedDisk, _ clock: SimulatedClock, _ seed: UInt64, _ segmentBytes: Int, _ checkpointBytes: Int,
        _ budget: DiskBudget?
    ) throws -> Broker {
        var settings = LogDirectoryConfiguration(path: "/data")
        settings.segmentBytes = segmentBytes
        let numbers = SeededNumbers(seed)
        return try Broker(
            settings, disk: disk, clock: clock.logClock, random: { numbers.next() }, checkpointBytes: checkpointBytes,
            budget: budget)
    }

    func reopen() async throws {
        await broker.close()
        broker = try Self.open(disk, clock, 99, segmentBytes, checkpointBytes, budget)
    }

    /// Ends the process as a kill does, and starts the next one.
    func kill() throws {
        try restart(on: disk.afterKill())
    }

    /// Goes on with this disk.
    func restart(on disk: SimulatedDisk) throws {
        self.disk = disk
        broker = try Self.open(disk, clock, 99, segmentBytes, checkpointBytes, budget)
    }

    var directory: LogDirectory { broker.directory }

    func partition(_ name: TopicPartition) throws -> Partition { try #require(directory.partition(name)) }

    /// Appends to any topic, past what the broker allows, and commits.
    func append(_ value: [UInt8], key: String? = nil, to name: TopicPartition) throws {
        var builder = RecordBatchBuilder()
        builder.append(
            key: key.map { Array($0.utf8) }, value: value, headers: [], timestamp: Timestamp(millisecondsSince1970: 1))
        try directory.stage(Append([Append.Batch(builder.finish(), to: try partition(name))]) { _ in })
        directory.runCommitRound()
    }

    /// Appends `count` batches of one record of `bytes` bytes each, as a client does, and commits each.
    func produce(_ count: Int, of bytes: Int = 1000, to name: TopicPartition) throws {
        for _ in 0..<count { try append(Array(repeating: 1, count: bytes), to: name) }
    }

    /// What `append` throws now, without committing.
    func refusal(of name: TopicPartition) async throws -> BrokerError? {
        // Refused appends come back before anything is committed; one that is taken would wait.
        guard directory.isFull else { return nil }
        do throws(BrokerError) { _ = try await broker.append([record("v")], to: name) } catch { return error }
        return nil
    }

    /// The records of `__gaps` as text.
    func gaps() async throws -> [String] {
        let name = TopicPartition(topic: GapRecord.topic, partition: 0)
        guard directory.partition(name) != nil else { return [] }
        return try await broker.fetch(name, from: .zero).values
    }

    /// Appends an index record and commits.
    func index(_ record: TransactionIndexRecord, _ source: SourceLog) throws {
        let outcome = Mutex<Result<Void, BrokerError>?>(nil)
        try source.appendIndex(record) { result in outcome.withLock { $0 = result } }
        directory.runCommitRound()
        try #require(outcome.withLock { $0 }).get()
    }

    /// One ERP transaction with a row of `bytes` bytes in each topic.
    @discardableResult
    func transaction(_ number: UInt64, _ topics: [String], bytes: Int = 100, _ source: SourceLog) throws -> [TopicRange]
    {
        var ranges: [TopicRange] = []
        for topic in topics {
            var builder = RecordBatchBuilder()
            builder.append(
                key: nil, value: Array(repeating: UInt8(truncatingIfNeeded: number), count: bytes), headers: [],
                timestamp: Timestamp(millisecondsSince1970: 1))
            let range = try source.appendRows(builder.finish(), to: topic)
            ranges.append(
                TopicRange(topic: topic, partition: 0, start: range.lowerBound, end: range.upperBound))
        }
        try index(
            .commit(
                CommitRecord(
                    commitLSN: LSN(number), endLSN: LSN(number + 8), transactionID: UInt32(number), commitTime: 1,
                    ranges: ranges)), source)
        return ranges
    }

    /// The index records of slot `mes`, with their offsets.
    func indexRecords() async throws -> [(offset: Offset, record: TransactionIndexRecord)] {
        let name = TopicPartition(topic: "__transactions.mes", partition: 0)
        var next = try partition(name).logStart
        var records: [(Offset, TransactionIndexRecord)] = []
        while true {
            let fetched = try await broker.fetch(name, from: next)
            for stored in fetched.records {
                records.append((stored.offset, try TransactionIndexRecord(decoding: stored.record.value ?? [])))
            }
            if fetched.nextOffset == next { return records }
            next = fetched.nextOffset
        }
    }
}

final class SeededNumbers: Sendable {
    private let value: Mutex<UInt64>
    init(_ seed: UInt64) { value = Mutex(seed) }
    func next() -> UInt64 {
        value.withLock {
            $0 &+= 0x9E37_79B9_7F4A_7C15
            return $0
        }
    }
}

extension TransactionIndexRecord {
    var isCheckpoint: Bool { if case .checkpoint = self { true } else { false } }
}
