import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

/// A log of one partition with small segments, on a disk in memory.
struct KeyedLog {
    static let path = "/log"

    let disk: SimulatedDisk
    let clock: SimulatedClock
    let log: LogDirectory
    let partition: Partition
    var policy = CompactionPolicy()

    init(
        _ disk: SimulatedDisk = SimulatedDisk(seed: 1), clock: SimulatedClock = SimulatedClock(),
        segmentBytes: Int = 1024, through seen: (any Disk)? = nil
    ) throws {
        self.disk = disk
        self.clock = clock
        var configuration = LogDirectoryConfiguration(path: Self.path)
        configuration.segmentBytes = segmentBytes
        log = try LogDirectory.open(configuration, disk: seen ?? disk, clock: clock.logClock, random: Counter().next)
        let name = TopicPartition(topic: "states", partition: 0)
        if log.partition(name) == nil {
            try log.createPartitions(topic: "states", id: Identifier(random: Counter(start: 9).next), count: 1)
        }
        partition = try #require(log.partition(name))
        log.followSyncedEnd(partition)
        policy.dirtyRatio = 0
        policy.segmentBytes = segmentBytes
    }

    @discardableResult
    func append(_ batch: [UInt8]) throws -> Range<Offset> {
        let outcome = Outcome()
        try log.stage(Append([Append.Batch(batch, to: partition)]) { outcome.set($0) })
        log.runCommitRound()
        return try outcome.get()[0]
    }

    @discardableResult
    func append(_ records: Keyed..., by writer: Writer = .nobody) throws -> Range<Offset> {
        try append(try keyedBatch(records, by: writer))
    }

    /// Closes the active segment, so that it can be compacted.
    func roll() throws { try log.roll(partition) }

    func compaction(below limit: Offset? = nil, secret: UInt64 = 1) throws -> CompactionRun? {
        try CompactionRun(
            partition, of: log, policy, at: clock.wall, below: limit ?? log.highWatermark(of: partition),
            random: Counter(start: secret).next)
    }

    /// - Returns: `nil` if nothing was due.
    @discardableResult
    func compact(below limit: Offset? = nil) throws -> CompactionReport? {
        guard let run = try compaction(below: limit) else { return nil }
        while true {
            if case .finished(let report) = try run.step() { return report }
        }
    }

    // MARK: Looking

    /// Every batch in the files, empty ones too, in order.
    func batches() throws -> [StoredBatch] { try Self.batches(on: disk) }

    static func batches(on disk: SimulatedDisk) throws -> [StoredBatch] {
        var batches: [StoredBatch] = []
        let result = try LogVerification.run(path, disk: disk.afterKill()) { _, bytes in
            batches.append(StoredBatch(Array(bytes)))
        }
        // A torn tail is what a cut leaves of an append that was not acknowledged.
        #expect(result.report.damages.isEmpty)
        return batches
    }

    /// What readers are given.
    func read() throws -> [StoredBatch] {
        var batches: [StoredBatch] = []
        var next = partition.logStart
        let end = log.highWatermark(of: partition)
        while next < end {
            let read = try log.read(partition, from: next, upTo: end, maxBytes: 700)
            batches += read.batches.map(StoredBatch.init)
            next = read.nextOffset
        }
        return batches
    }

    func state() throws -> FoldedLog { FoldedLog(try read()) }

    func offsets() throws -> [Int64] { try read().flatMap(\.records).map(\.offset.rawValue) }

    var logFiles: [String] { disk.paths.filter { $0.hasSuffix(".log") } }
}

struct StoredBatch {
    let header: RecordBatchHeader
    let bytes: [UInt8]
    /// Of a control batch none.
    let records: [StoredRecord]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        (header, records) = bytes.withUnsafeBytes { buffer in
            do {
                let header = try RecordBatchHeader.validate(buffer)
                if header.attributes.isControl { return (header, []) }
                return (header, try decodeRecords(buffer))
            } catch {
                preconditionFailure("A batch of the log does not decode: \(error)")
            }
        }
    }

    var marker: TransactionMarker? { bytes.withUnsafeBytes { TransactionMarker(of: $0) } }
    var offsets: Range<Int64> { header.baseOffset.rawValue..<header.nextOffset.rawValue }
}

/// What a reader of committed records makes of a log.
struct FoldedLog: Equatable {
    /// The last record of each key, tombstones included.
    private(set) var last: [String: StoredRecord] = [:]
    private(set) var keyless: [StoredRecord] = []
    /// Those of transactions that are still open.
    private(set) var undecided: [StoredRecord] = []

    /// What the keys stand for.
    var state: [String: String] {
        last.compactMapValues { $0.record.value.map { String(decoding: $0, as: UTF8.self) } }
    }

    init(_ batches: [StoredBatch]) {
        var open: [Int64: [StoredRecord]] = [:]
        var committed: [StoredRecord] = []
        for batch in batches {
            if let marker = batch.marker {
                let records = open.removeValue(forKey: batch.header.producerID) ?? []
                if marker.kind == .commit { committed += records }
            } else if batch.header.attributes.isTransactional {
                open[batch.header.producerID, default: []] += batch.records
            } else {
                committed += batch.records
            }
        }
        for stored in committed.sorted(by: { $0.offset < $1.offset }) {
            guard let key = stored.record.key else {
                keyless.append(stored)
                continue
            }
            last[String(decoding: key, as: UTF8.self)] = stored
        }
        undecided = open.values.flatMap(\.self).sorted { $0.offset < $1.offset }
    }
}
