public import RecordFormat

/// A topic as it stands at one moment.
public struct TopicDescription: Sendable, Equatable {
    public let name: String
    /// Kafka's form of the topic's 128-bit id: 22 characters of base64url.
    public let id: String
    public let configuration: TopicConfiguration
    /// The replication slot whose capture writes this topic, if one does.
    public let owner: String?
    public let partitions: [PartitionDescription]
}

/// A partition as it stands at one moment.
public struct PartitionDescription: Sendable, Equatable {
    public let index: Int32
    /// The oldest offset kept.
    public let logStart: Offset
    /// The first offset that consumers may not read yet.
    public let highWatermark: Offset
    /// The next offset to be given out.
    public let logEnd: Offset
    /// Synced bytes of all segments.
    public let sizeInBytes: Int
}
