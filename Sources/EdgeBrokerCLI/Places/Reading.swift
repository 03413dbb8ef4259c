import RecordFormat

/// What is to be read.
struct Reading: Sendable {
    /// As they are when reading begins; empty if the group has a pattern instead.
    let topics: [TopicView]
    /// Where each partition begins; a group's members begin where it has committed.
    let starts: [PartitionStart]
    /// Not past records of this time or later.
    var until: Timestamp?
    var exitsAtEnd = false
    var isCommittedOnly = false
    /// Read as a member of this group, and commit what was printed.
    var group: GroupReading?
    /// Stop when no record has come for so long; a folder does not know it.
    var patience: Duration?
}

/// Where reading one partition begins.
struct PartitionStart: Sendable, Equatable {
    let partition: TopicPartition
    let offset: Offset
    /// Leave out records before the first that is not older than this.
    var notBefore: Timestamp?
}

/// Reading as a member of a group.
struct GroupReading: Sendable, Equatable {
    let group: String
    /// Where the group has committed nothing: at the oldest record, or behind the newest.
    let startsAtEarliest: Bool
    /// Which topics are read instead of those that are named, also ones that come later: ``TopicPattern/subscription``. A folder does not
    /// know it.
    var pattern: String?
}
