public import RecordFormat

/// Where a record stands in the log, for good.
public struct RecordPosition: Sendable, Hashable, CustomStringConvertible {
    public let partition: TopicPartition
    public let offset: Offset

    package init(_ partition: TopicPartition, _ offset: Offset) {
        self.partition = partition
        self.offset = offset
    }

    public var description: String { "\(partition)@\(offset)" }
}
