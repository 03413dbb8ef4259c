import LogStore
import RecordFormat

/// Reads a source's index at start: from the last checkpoint on, and up to the first record whose rows did not survive.
struct SourceOpening {
    private let index: Partition
    private let topics: [String: Partition]
    private let directory: LogDirectory

    /// What the index says.
    private(set) var replay: SourceReplay
    /// A part of the index cannot be read: nobody knows which rows it covered.
    private(set) var damage: BrokerError?
    /// Where checkpoints were read, oldest first.
    private(set) var checkpoints: [Offset] = []
    /// Bytes of values since the last checkpoint.
    private(set) var bytesSinceCheckpoint = 0

    /// Blocking.
    /// - Throws: what the disk says; `.newerFormat`.
    init(_ index: Partition, _ topics: [String: Partition], _ directory: LogDirectory) throws(BrokerError) {
        self.index = index
        self.topics = topics
        self.directory = directory
        replay = SourceReplay(indexStart: index.logStart)
        if let start = try lastCheckpoint() { replay = SourceReplay(indexStart: start) }
        try run()
    }

    /// The newest checkpoint all of whose rows are there. Segments are searched from the newest back, so that a long index costs
    /// no more than a short one.
    private func lastCheckpoint() throws(BrokerError) -> Offset? {
        for segment in directory.retainedSegments(of: index).reversed() {
            var found: Offset?
            try directory.forEachRecord(
                of: index, from: segment.base, upTo: min(segment.nextOffset, index.syncedEnd), damaged: { _ in }
            ) { stored in
                guard let value = stored.record.value, TransactionIndexRecord.isCheckpoint(value),
                    let record = try? TransactionIndexRecord(decoding: value),
                    PlantedBug.checkpointTrusted.isActive || isCovered(record)
                else { return }
                found = stored.offset
            }
            if let found { return found }
        }
        return nil
    }

    private mutating func run() throws(BrokerError) {
        var isTrusted = true
        var failure: BrokerError?
        var damage: BrokerError?
        try directory.forEachRecord(
            of: index, from: replay.indexEnd, upTo: index.syncedEnd, damaged: { damage = damage ?? $0 }
        ) { stored in
            guard isTrusted, failure == nil else { return }
            do throws(BrokerError) {
                let value = stored.record.value ?? []
                let record = try TransactionIndexRecord(decoding: value)
                isTrusted = PlantedBug.indexTrusted.isActive || isCovered(record)
                guard isTrusted else { return }
                replay.apply(record, at: stored.offset)
                bytesSinceCheckpoint += value.count
                if case .checkpoint = record {
                    checkpoints.append(stored.offset)
                    bytesSinceCheckpoint = 0
                }
            } catch {
                // One that does not decode is as good as lost; one of a later release is nothing to go on with.
                if error.code == .corrupt { damage = damage ?? error } else { failure = error }
            }
        }
        if let failure { throw failure }
        self.damage = damage.map { damage in
            BrokerError(
                .corrupt, "\(index.topicPartition) has lost records, so the source cannot go on: \(damage.message)",
                remedy:
                    "What is there can be read. Restore the data directory from a backup, or capture anew into an empty one."
            )
        }
    }

    private func isCovered(_ record: TransactionIndexRecord) -> Bool {
        SourceReplay.isCovered(record) { name in name.partition == 0 ? topics[name.topic]?.syncedEnd : nil }
    }
}
