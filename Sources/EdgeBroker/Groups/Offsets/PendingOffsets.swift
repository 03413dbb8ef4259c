package import RecordFormat

/// Offsets that transactions have committed and that count once the transactions do.
package struct PendingOffsets: Sendable, Equatable {
    /// One offset of one transaction.
    package struct Entry: Sendable, Equatable {
        package var record: OffsetCommitRecord
        /// Where the record stands in the log: of two for the same partition the later one counts.
        package var at: Offset

        package init(_ record: OffsetCommitRecord, at offset: Offset) {
            self.record = record
            self.at = offset
        }
    }

    private struct Place: Hashable {
        let group: String
        let partition: TopicPartition
    }

    private var transactions: [Int64: [Place: Entry]] = [:]

    package init() {}

    package var isEmpty: Bool { transactions.isEmpty }

    /// A transaction of this producer has committed an offset.
    package mutating func add(producerID: Int64, _ record: OffsetCommitRecord, at offset: Offset) {
        let place = Place(group: record.group, partition: record.partition)
        transactions[producerID, default: [:]][place] = Entry(record, at: offset)
    }

    /// The producer's transaction has ended.
    /// - Returns: what counts from now on, in the order of the log; nothing if the transaction was aborted.
    package mutating func complete(producerID: Int64, isCommitted: Bool) -> [Entry] {
        let entries = transactions.removeValue(forKey: producerID)?.values.sorted { $0.at < $1.at } ?? []
        return isCommitted ? entries : []
    }

    /// An offset was deleted: what transactions would make of it is void.
    package mutating func remove(group: String, _ partition: TopicPartition) {
        let place = Place(group: group, partition: partition)
        for producerID in Array(transactions.keys) {
            transactions[producerID]?[place] = nil
            if transactions[producerID]?.isEmpty == true { transactions[producerID] = nil }
        }
    }

    /// Whether some transaction that is not decided has committed an offset there.
    package func contains(group: String, _ partition: TopicPartition) -> Bool {
        let place = Place(group: group, partition: partition)
        return transactions.values.contains { $0[place] != nil }
    }

    /// The groups for which they have.
    package var groups: Set<String> { Set(transactions.values.flatMap { $0.keys.map(\.group) }) }

    /// Where such transactions have committed offsets for a group.
    package func partitions(of group: String) -> Set<TopicPartition> {
        Set(transactions.values.flatMap { $0.keys.filter { $0.group == group }.map(\.partition) })
    }
}
