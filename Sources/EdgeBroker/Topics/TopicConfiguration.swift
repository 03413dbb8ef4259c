/// What can be set about a topic when it is created.
public struct TopicConfiguration: Sendable, Equatable {
    /// 1…10,000. Order is kept inside a partition.
    public var partitionCount: Int32
    public var durability: Durability
    public var keeping: TopicKeeping

    public init(
        partitionCount: Int32 = 1, durability: Durability = .synced, keeping: TopicKeeping = TopicKeeping()
    ) {
        self.partitionCount = partitionCount
        self.durability = durability
        self.keeping = keeping
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
