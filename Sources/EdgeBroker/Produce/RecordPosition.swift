public import RecordFormat

/// Where a record stands in the log, for good.
public struct RecordPosition: Sendable, Hashable, CustomStringConvertible {
    /// Where the record went.
    public let partition: TopicPartition
    /// Its number there; it never changes.
    public let offset: Offset

    package init(_ partition: TopicPartition, _ offset: Offset) {
        self.partition = partition
        self.offset = offset
    }

    public var description: String { "\(partition)@\(offset)" }
}
