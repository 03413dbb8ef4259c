extension TopicKeeping {
    /// Whole segments go once they are that old, or once the partition is that large; the first limit that is reached counts.
    ///
    /// - Parameters:
    ///   - age: by the broker's append time; `nil`: records do not go by age.
    ///   - bytes: of each partition; `nil`: nor by size.
    public static func delete(olderThan age: Duration? = .days(7), largerThan bytes: Int64? = nil) -> TopicKeeping {
        var keeping = TopicKeeping()
        keeping.retention.age = age
        keeping.retention.bytes = bytes
        return keeping
    }

    /// The newest record of each key stays.
    public static let compact: TopicKeeping = {
        var keeping = TopicKeeping()
        keeping.cleanup = .compact
        return keeping
    }()

    /// Nothing goes but by the disk limit.
    public static let everything = delete(olderThan: nil)
}

extension TopicConfiguration {
    /// A topic that keeps its records as `cleanup` says: `.delete(olderThan: .days(14))`, `.compact`, or whatever else a ``TopicKeeping``
    /// can say.
    public init(partitionCount: Int32 = 1, durability: Durability = .synced, cleanup: TopicKeeping) {
        self.init(partitionCount: partitionCount, durability: durability, keeping: cleanup)
    }
}

extension Duration {
    /// Days of 86,400 seconds.
    public static func days(_ days: Int) -> Duration { .seconds(86_400) * days }
}
