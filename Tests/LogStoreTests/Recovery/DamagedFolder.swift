import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

/// A log of two topics with two partitions each, in segments of some batches, left by a clean stop or a second of quiet; and the
/// same log as it was a while before.
struct DamagedFolder {
    static let path = "/data"
    static let recordCount = 36

    let disk: SimulatedDisk
    let older: SimulatedDisk
    /// Every file, sorted.
    let files: [String]

    /// - Parameter isClosed: by a clean stop.
    init(isClosed: Bool) throws {
        let disk = SimulatedDisk(seed: 7)
        let log = try Self.open(disk)
        var older: SimulatedDisk?
        for (place, topic) in ["orders", "alarms"].enumerated() {
            try log.createPartitions(
                topic: topic, id: Identifier(random: Counter(start: UInt64(100 * (place + 1))).next), count: 2)
        }
        for number in 0..<Self.recordCount {
            if number == Self.recordCount / 2 + 3 { older = disk.afterKill() }
            for partition in log.partitions.sorted(by: { "\($0.topicPartition)" < "\($1.topicPartition)" }) {
                try Self.append(Self.value(number, in: partition.topicPartition), to: partition, of: log)
            }
            Self.clock.advance(milliseconds: 1000)
            log.runCommitRound()
        }
        if isClosed { log.close() }
        self.disk = disk.afterKill()
        self.older = older ?? disk
        files = try Self.files(of: Self.path, on: disk).sorted()
    }

    private static func append(_ value: String, to partition: Partition, of log: LogDirectory) throws {
        let outcome = Outcome()
        try log.stage(Append([Append.Batch(batch([value]), to: partition)]) { outcome.set($0) })
        log.runCommitRound()
        _ = try outcome.get()
    }

    static let clock = SimulatedClock()

    static func open(_ disk: SimulatedDisk) throws(LogStoreError) -> LogDirectory {
        var configuration = LogDirectoryConfiguration(path: path)
        configuration.segmentBytes = 1100
        configuration.recoveryThreads = 1
        return try LogDirectory.open(configuration, disk: disk, clock: clock.logClock, random: Counter().next)
    }

    /// As long as others of its kind, so that segments of different partitions have the same size.
    static func value(_ number: Int, in partition: TopicPartition) -> String {
        "\(partition) \(100 + number) " + String(repeating: "v", count: 40)
    }

    static func files(of folder: String, on disk: SimulatedDisk) throws -> [String] {
        try disk.list(folder).flatMap { name in
            let path = folder + "/" + name
            return try disk.kind(of: path) == .directory ? files(of: path, on: disk) : [path]
        }
    }

    static func put(_ bytes: [UInt8], at path: String, on disk: SimulatedDisk) throws {
        let file = try disk.open(path, .createEmpty)
        if !bytes.isEmpty { _ = try bytes.withUnsafeBytes { try file.write($0, at: 0) } }
        try file.sync()
    }
}

/// What reading a log gives, offset by offset.
struct ReadBack {
    /// Values that came, by partition.
    private(set) var values: [TopicPartition: [Int: String]] = [:]
    private(set) var ends: [TopicPartition: Int] = [:]

    init(_ log: LogDirectory) {
        for partition in log.partitions {
            let name = partition.topicPartition
            let end = Int(partition.syncedEnd.rawValue)
            ends[name] = end
            values[name] = [:]
            var next = 0
            while next < end {
                do throws(LogStoreError) {
                    let read = try log.read(
                        partition, from: Offset(Int64(next)), upTo: Offset(Int64(end)), maxBytes: 1 << 20)
                    for batch in read.batches { note(batch, name) }
                    next = max(next + 1, Int(read.nextOffset.rawValue))
                } catch {
                    next = max(next + 1, Int(error.nextReadable?.rawValue ?? Int64(end)))
                }
            }
        }
    }

    private mutating func note(_ batch: [UInt8], _ name: TopicPartition) {
        let records = batch.withUnsafeBytes { bytes -> [StoredRecord] in
            do throws(RecordFormatError) { return try decodeRecords(bytes) } catch { return [] }
        }
        for stored in records {
            values[name]?[Int(stored.offset.rawValue)] = String(decoding: stored.record.value ?? [], as: UTF8.self)
        }
    }

    /// Every record is there and is right, or is reported as lost.
    func expect(explainedBy verified: LogVerification.Result, _ what: String) {
        for topic in ["orders", "alarms"] {
            for number in Int32(0)...1 {
                let name = TopicPartition(topic: topic, partition: number)
                let reported =
                    verified.damages.filter { $0.partition == name || $0.partition == nil }.map(\.offsets)
                    + verified.gaps.filter { $0.partition == name }.map(\.offsets)
                var missing: [Int] = []
                for offset in 0..<DamagedFolder.recordCount {
                    let value = values[name]?[offset]
                    if value == DamagedFolder.value(offset, in: name) { continue }
                    #expect(value == nil, "\(what): \(name) offset \(offset) is served as \(value ?? "")")
                    if !reported.contains(where: { $0.contains(Offset(Int64(offset))) }) {
                        missing.append(offset)
                    }
                }
                #expect(
                    missing.isEmpty,
                    "\(what): \(name) offsets \(missing) are neither served nor reported: \(verified.damages)")
                #expect(ends[name, default: .max] >= DamagedFolder.recordCount, "\(what): \(name) ends early")
            }
        }
    }
}
