package import RecordFormat

/// What groups have committed: the newest of each partition. Pure; the log's records in their order make it.
package struct OffsetTable: Sendable {
    private struct Entry: Sendable {
        var committed: CommittedOffset
        /// Where its record stands in the log.
        var at: Offset
    }

    private var entries: [String: [TopicPartition: Entry]] = [:]
    package private(set) var pending = PendingOffsets()

    package init() {}

    /// The groups that have committed something.
    package var groups: [String] { Array(entries.keys) }

    package func contains(group: String) -> Bool { entries[group] != nil }

    package func offsets(of group: String) -> [TopicPartition: CommittedOffset] {
        entries[group]?.mapValues(\.committed) ?? [:]
    }

    package func offset(of group: String, _ partition: TopicPartition) -> CommittedOffset? {
        entries[group]?[partition]?.committed
    }

    /// The lowest offset that a group has committed for a partition; `nil` if none has.
    package func lowest(of partition: TopicPartition) -> Offset? {
        entries.values.compactMap { $0[partition]?.committed.offset }.min()
    }

    /// What takes back all that groups have committed for a topic, or would have after a transaction.
    package func tombstones(of topic: String) -> [OffsetCommitRecord] {
        Set(groups).union(pending.groups).sorted().flatMap { group in
            Set(offsets(of: group).keys).union(pending.partitions(of: group)).filter { $0.topic == topic }
                .sorted { $0.partition < $1.partition }
                .map { OffsetCommitRecord(group: group, partition: $0, committed: nil) }
        }
    }

    /// A record is synced.
    package mutating func apply(_ record: OffsetCommitRecord, at offset: Offset) {
        if let committed = record.committed {
            set(committed, record, offset)
        } else {
            entries[record.group]?[record.partition] = nil
            if entries[record.group]?.isEmpty == true { entries[record.group] = nil }
            pending.remove(group: record.group, record.partition)
        }
    }

    /// A record of a transaction is synced.
    package mutating func applyPending(_ record: OffsetCommitRecord, producerID: Int64, at offset: Offset) {
        pending.add(producerID: producerID, record, at: offset)
    }

    /// The marker that ends a producer's transaction is synced.
    package mutating func complete(producerID: Int64, isCommitted: Bool) {
        for entry in pending.complete(producerID: producerID, isCommitted: isCommitted) {
            guard let committed = entry.record.committed else { continue }
            // What was committed past the transaction after its record is newer, although the transaction ends later.
            if let there = entries[entry.record.group]?[entry.record.partition], there.at > entry.at { continue }
            set(committed, entry.record, entry.at)
        }
    }

    private mutating func set(_ committed: CommittedOffset, _ record: OffsetCommitRecord, _ offset: Offset) {
        entries[record.group, default: [:]][record.partition] = Entry(committed: committed, at: offset)
    }
}
