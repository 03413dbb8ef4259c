public import RecordFormat

/// Records of one partition, in their order.
public struct ConsumerBatch: Sendable {
    /// One of ``Consumer/assignment``.
    public let partition: TopicPartition
    /// Empty only if records were ``lost`` and none follow yet.
    public let records: [StoredRecord]
    /// Where the partition goes on behind this batch; what ``Consumer/commit(_:)`` commits.
    public let nextOffset: Offset
    /// As of the moment before the read. ``nextOffset`` is that far behind.
    public let highWatermark: Offset
    /// Offsets before the first record that could not be read: see ``ConsumerConfiguration/LostRecords/skip``.
    public let lost: Range<Offset>?
    /// Under which assignment of the partition it was read.
    let assignment: UInt64
}
