package import RecordFormat

/// A record of a source's transaction index, `__transactions.<slot>`: which records of which topics one ERP transaction
/// made, and where in the ERP's WAL that was. It is at once the position, the visibility and the map of a captured
/// source (DESIGN D9).
package enum TransactionIndexRecord: Sendable, Equatable {
    /// Written before a replication slot is created: a slot of this name is ours.
    case intent(SourceIntent)
    /// A snapshot of these topics' tables begins, as of `consistentPoint`.
    case snapshotBegin(id: UInt64, topics: [String], consistentPoint: LSN)
    /// A part of a snapshot is in the log.
    case snapshotChunk(id: UInt64, ranges: [TopicRange])
    /// The snapshot is whole; streaming goes on from `consistentPoint`.
    case snapshotEnd(id: UInt64, consistentPoint: LSN)
    /// One ERP transaction.
    case commit(CommitRecord)
    /// Nothing of ours happened up to here.
    case position(endLSN: LSN)
    /// From here on the rows in `topic` have this description: a payload that the broker does not read.
    case relation(topic: String, description: [UInt8])
    /// All that the records before have said; itself it says nothing new.
    case checkpoint(SourceCheckpoint)

    /// The records that this one makes visible.
    package var ranges: [TopicRange] {
        switch self {
        case .commit(let commit): commit.ranges
        case .snapshotChunk(_, let ranges): ranges
        case .intent, .snapshotBegin, .snapshotEnd, .position, .relation, .checkpoint: []
        }
    }
}

/// Whose slot it is, written before it exists.
package struct SourceIntent: Sendable, Equatable {
    package let slot: String
    /// As `IDENTIFY_SYSTEM` gives it: decimal digits.
    package let systemID: String
    package let timeline: UInt32

    package init(slot: String, systemID: String, timeline: UInt32) {
        self.slot = slot
        self.systemID = systemID
        self.timeline = timeline
    }
}

package struct CommitRecord: Sendable, Equatable {
    package let commitLSN: LSN
    /// Where the WAL goes on after the commit; this is what is confirmed to Postgres.
    package let endLSN: LSN
    package let transactionID: UInt32
    /// µs since 1970.
    package let commitTime: Int64
    package let ranges: [TopicRange]

    package init(commitLSN: LSN, endLSN: LSN, transactionID: UInt32, commitTime: Int64, ranges: [TopicRange]) {
        self.commitLSN = commitLSN
        self.endLSN = endLSN
        self.transactionID = transactionID
        self.commitTime = commitTime
        self.ranges = ranges
    }
}

/// The records `[start, end)` of one partition.
package struct TopicRange: Sendable, Equatable {
    package let topic: String
    package let partition: Int32
    package let start: Offset
    package let end: Offset

    package init(topic: String, partition: Int32, start: Offset, end: Offset) {
        self.topic = topic
        self.partition = partition
        self.start = start
        self.end = end
    }

    package var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }
}
