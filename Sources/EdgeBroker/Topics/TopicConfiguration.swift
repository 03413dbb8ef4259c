internal import LogStore
public import RecordFormat

/// What can be set about a topic when it is created.
public struct TopicConfiguration: Sendable, Equatable {
    /// 1…10,000. Order is kept inside a partition.
    public var partitionCount: Int32

    public init(partitionCount: Int32 = 1) { self.partitionCount = partitionCount }
}

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

/// A topic that exists.
struct Topic: Sendable {
    let name: String
    let id: Identifier
    let configuration: TopicConfiguration
    let owner: String?
    let partitions: [Partition]

    var isInternal: Bool { name.hasPrefix(TopicNameRules.internalPrefix) }
}
