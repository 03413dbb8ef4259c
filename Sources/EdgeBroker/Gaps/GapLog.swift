import LogStore
import RecordFormat
import Synchronization

/// Writes down which records were lost, before they are, and counts them.
final class GapLog: Sendable {
    private let catalogue: TopicCatalogue
    private let counts = Mutex(GapCounts())

    /// As much as tells of half a million losses.
    private static let keeping: TopicKeeping = {
        var keeping = TopicKeeping()
        keeping.retention.age = nil
        keeping.retention.bytes = 64 << 20
        keeping.segments.bytes = 4 << 20
        keeping.disk.whenFull = .block
        return keeping
    }()

    init(_ catalogue: TopicCatalogue) { self.catalogue = catalogue }

    /// Since the broker was opened.
    var counted: GapCounts { counts.withLock { $0 } }

    /// Returns when the records are synced. Blocking; on the committing thread.
    ///
    /// - Throws: what the disk refused: then nothing may be dropped.
    func write(_ gaps: [GapRecord]) throws(BrokerError) {
        if gaps.isEmpty { return }
        let topic: Topic
        if let known = catalogue.topic(GapRecord.topic) {
            topic = known
        } else {
            topic = try catalogue.create(GapRecord.topic, partitionCount: 1, writer: .broker, keeping: Self.keeping)
        }
        var builder = RecordBatchBuilder()
        for gap in gaps {
            builder.append(
                key: Array("\(gap.partition)".utf8), value: gap.encoded, headers: [], timestamp: gap.time)
        }
        try catalogue.directory.commitNow(builder.finish(), to: topic.partitions[0])
        counts.withLock { counts in for gap in gaps { counts.add(gap) } }
    }
}

/// Records that went although no retention asked for it, since the broker was opened.
public struct GapCounts: Sendable, Equatable {
    /// For the disk budget, after every known downstream had them.
    public internal(set) var consumedRecords: Int64 = 0
    /// For the disk budget, though not every known downstream had them.
    public internal(set) var unreadRecords: Int64 = 0
    /// That a downstream needed and found gone.
    public internal(set) var missingRecords: Int64 = 0
    /// What the disk budget got back.
    public internal(set) var bytes: Int64 = 0

    mutating func add(_ gap: GapRecord) {
        let count = max(0, gap.end.rawValue - gap.start.rawValue)
        switch gap.reason {
        case .consumed: consumedRecords += count
        case .unread: unreadRecords += count
        case .missing: missingRecords += count
        }
        bytes += gap.bytes
    }
}

extension LogDirectory {
    /// Appends one batch and commits at once. Blocking; on the committing thread.
    func commitNow(_ batch: [UInt8], to partition: Partition) throws(BrokerError) {
        let outcome = Mutex<Result<[Range<Offset>], LogStoreError>?>(nil)
        do throws(LogStoreError) {
            try stage(Append([Append.Batch(batch, to: partition)]) { result in outcome.withLock { $0 = result } })
            runCommitRound()
            guard let result = outcome.withLock({ $0 }) else {
                preconditionFailure("A commit round left an append without an answer")
            }
            _ = try result.get()
        } catch {
            throw BrokerError(error)
        }
    }
}
