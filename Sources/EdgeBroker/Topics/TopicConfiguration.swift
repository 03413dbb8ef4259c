/// What can be set about a topic.
public struct TopicConfiguration: Sendable, Equatable {
    package static let partitionCounts = CatalogueRecord.partitionCounts

    /// 1…10,000. Order is kept inside a partition.
    public var partitionCount: Int32
    /// What an acknowledgement promises.
    public var durability: Durability
    /// How long records are kept.
    public var keeping: TopicKeeping
    /// What clients may append.
    public var messages: TopicMessages

    public init(
        partitionCount: Int32 = 1, durability: Durability = .synced, keeping: TopicKeeping = TopicKeeping(),
        messages: TopicMessages = TopicMessages()
    ) {
        self.partitionCount = partitionCount
        self.durability = durability
        self.keeping = keeping
        self.messages = messages
    }
}

/// What an acknowledgement promises (DESIGN D2).
public enum Durability: Sendable, Equatable {
    /// Acknowledged and readable once it is synced.
    case synced
    /// Acknowledged and readable once it is written; synced within this time, 1 ms to 1 hour. A power cut may take the last of it
    /// back. Only for topics that clients write: captured and internal ones are always synced.
    case buffered(syncEvery: Duration)

    static let intervals: ClosedRange<Duration> = .milliseconds(1)...(.seconds(3600))
}

/// What clients may append to a topic, and whose time it carries.
public struct TopicMessages: Sendable, Equatable {
    /// Kafka's `message.timestamp.type`.
    public enum Timestamps: Sendable, Equatable {
        /// The producer's.
        case createTime
        /// The broker's calendar when it took the batch. What the producer gave is not kept.
        case logAppendTime
    }

    /// Kafka's `max.message.bytes`: of one batch with its header, as it is kept. 1 KiB to 128 MiB; Kafka's default.
    public var maxBytes = 1_048_588
    /// Whose time records carry: the producer's, unless set.
    public var timestamps = Timestamps.createTime

    public init() {}

    static let byteRange = 1024...(128 << 20)

    var firstMistake: String? {
        Self.byteRange.contains(maxBytes) ? nil : "max.message.bytes is 1024 to 134217728"
    }
}
