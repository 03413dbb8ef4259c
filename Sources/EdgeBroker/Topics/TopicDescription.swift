public import RecordFormat

/// A topic as it stands at one moment.
public struct TopicDescription: Sendable, Equatable {
    /// Unique among the topics that there are; a deleted one's may be used again, under another ``id``.
    public let name: String
    /// Kafka's form of the topic's 128-bit id: 22 characters of base64url.
    public let id: String
    /// What was set.
    public let configuration: TopicConfiguration
    /// Every setting, with Kafka's that have one answer here.
    public let settings: [TopicSettingDescription]
    /// The replication slot whose capture writes this topic, if one does.
    public let owner: String?
    /// By number, from 0, none missing.
    public let partitions: [PartitionDescription]
}

/// One setting of a topic; docs/topic-settings.md has them all.
public struct TopicSettingDescription: Sendable, Equatable {
    /// Kafka's name of it, or ours where Kafka has none.
    public let key: String
    /// As `topic alter` takes it.
    public let value: String
    /// It is what a topic of this kind begins with.
    public let isDefault: Bool
    /// It cannot be changed.
    public let isFixed: Bool
}

/// A partition as it stands at one moment.
public struct PartitionDescription: Sendable, Equatable {
    /// From 0.
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

extension Topic {
    var settings: [TopicSettingDescription] {
        let defaults = Dictionary(defaults.settings.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        return configuration.settings.map { key, value in
            TopicSettingDescription(
                key: key, value: value,
                isDefault: defaults[key] == value || (key, value) == ("sync.interval.ms", "1000"),
                isFixed: false)
        }
            + FixedTopicSetting.all.map {
                TopicSettingDescription(key: $0.key, value: $0.value, isDefault: true, isFixed: true)
            }
    }
}
