import Foundation
import LogStore
import RecordFormat
import Synchronization

/// A log directory in a folder that goes with it, driven by hand.
final class TemporaryLog {
    let path: String
    private(set) var log: LogDirectory
    private let time = TestTime()
    private let segmentBytes: Int
    private let ids = Counter(start: 77)

    init(segmentBytes: Int = 64 << 20) throws {
        path = NSTemporaryDirectory() + "edgebroker-log-\(UUID().uuidString)"
        self.segmentBytes = segmentBytes
        log = try Self.open(path, segmentBytes, time)
    }

    deinit {
        log.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func open(_ path: String, _ segmentBytes: Int, _ time: TestTime) throws -> LogDirectory {
        var configuration = LogDirectoryConfiguration(path: path)
        configuration.segmentBytes = segmentBytes
        let source = Counter()
        return try LogDirectory.open(
            configuration, disk: PosixDisk(), clock: time.clock, random: { source.next() })
    }

    func reopen() throws {
        log.close()
        log = try Self.open(path, segmentBytes, time)
    }

    /// Lets the mark interval pass.
    func pass(_ duration: Duration) { time.advance(duration) }

    @discardableResult
    func createTopic(_ name: String, partitions: Int32 = 1, following: Bool = true) throws -> Partition {
        try log.createPartitions(topic: name, id: Identifier(random: ids.next), count: partitions)
        let partition = try partition(name)
        if following { log.followSyncedEnd(partition) }
        return partition
    }

    func partition(_ name: String, _ number: Int32 = 0) throws -> Partition {
        struct Absent: Error {}
        guard let partition = log.partition(TopicPartition(topic: name, partition: number)) else { throw Absent() }
        return partition
    }

    /// Appends one batch and commits.
    @discardableResult
    func append(_ values: [String], to partition: Partition) throws -> Range<Offset> {
        try append(bytes: batch(values), to: partition)
    }

    /// Appends the bytes of a batch and commits.
    @discardableResult
    func append(bytes: [UInt8], to partition: Partition) throws -> Range<Offset> {
        let outcome = Outcome()
        try log.stage(Append([Append.Batch(bytes, to: partition)]) { outcome.set($0) })
        log.runCommitRound()
        return try outcome.get()[0]
    }

    func values(_ partition: Partition, from offset: Offset = .zero) throws -> [String] {
        var values: [String] = []
        var next = offset
        let end = log.highWatermark(of: partition)
        while next < end {
            let read = try log.read(partition, from: next, upTo: end, maxBytes: 1 << 16)
            for batch in read.batches {
                for stored in try batch.withUnsafeBytes({ try decodeRecords($0) })
                where stored.offset >= next && stored.offset < end {
                    values.append(String(decoding: stored.record.value ?? [], as: UTF8.self))
                }
            }
            next = read.nextOffset
        }
        return values
    }
}

func batch(_ values: [String]) -> [UInt8] {
    var builder = RecordBatchBuilder()
    for value in values {
        builder.append(key: nil, value: Array(value.utf8), headers: [], timestamp: Timestamp(millisecondsSince1970: 1))
    }
    return builder.finish()
}

/// What a completion said.
final class Outcome: Sendable {
    private let result = Mutex<Result<[Range<Offset>], LogStoreError>?>(nil)
    func set(_ value: Result<[Range<Offset>], LogStoreError>) { result.withLock { $0 = value } }
    var isSet: Bool { result.withLock { $0 != nil } }
    func get() throws -> [Range<Offset>] {
        struct NotCompleted: Error {}
        guard let result = result.withLock({ $0 }) else { throw NotCompleted() }
        return try result.get()
    }
}

final class TestTime: Sendable {
    private let now = Mutex(Duration.zero)
    func advance(_ duration: Duration) { now.withLock { $0 += duration } }
    var clock: LogClock {
        LogClock(
            monotonic: { self.now.withLock { $0 } },
            wall: {
                Timestamp(millisecondsSince1970: 1_700_000_000_000 + self.now.withLock { $0.components.seconds * 1000 })
            })
    }
}

final class Counter: Sendable {
    private let value: Mutex<UInt64>
    init(start: UInt64 = 1) { value = Mutex(start) }
    func next() -> UInt64 {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}
