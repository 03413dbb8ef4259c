/// What `kafka-topics` was asked for.
enum TopicsRequest: Equatable {
    case create(String, partitions: Int32?, replicas: Int32?, settings: [SettingArgument], onlyIfAbsent: Bool)
    case list(TopicPattern?, withInternal: Bool)
    case describe(TopicPattern?, withInternal: Bool, TopicsShown, onlyIfThere: Bool)
    case delete(TopicPattern, onlyIfThere: Bool)
    case alter(TopicPattern, partitions: Int32, onlyIfThere: Bool)
}

/// Which topics and partitions a description has.
enum TopicsShown: Equatable {
    case all
    /// Topics with a setting of their own, without their partitions.
    case overridden
    case underReplicated
    /// Partitions with fewer replicas in sync than `min.insync.replicas`, so that `acks=all` is refused.
    case underMinimum
    /// Partitions with exactly as many.
    case atMinimum
    /// Partitions without a leader.
    case unavailable
}
