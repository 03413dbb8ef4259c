/// One step of an alteration: what is not named stays as it is.
public enum TopicSettingChange: Sendable, Equatable {
    case set(key: String, value: String)
    /// Back to the default.
    case reset(key: String)
}

extension TopicConfiguration {
    /// What a topic of this configuration has after `changes`.
    ///
    /// - Parameter defaults: of this topic.
    /// - Throws: `.invalidConfiguration` with every mistake in one line.
    func applying(
        _ changes: [TopicSettingChange], defaults: TopicConfiguration
    ) throws(BrokerError) -> TopicConfiguration {
        var pairs = settings
        var unknown: [String] = []
        for change in changes {
            switch change {
            case .set(let key, let value):
                // An interval without a buffered topic is a mistake only where somebody asks for it.
                if key == "durability" { pairs.removeAll { $0.key == "sync.interval.ms" && value == "synced" } }
                pairs.removeAll { $0.key == key }
                pairs.append((key, value))
            case .reset(let key):
                let isFixed = FixedTopicSetting.all.contains { $0.key == key }
                if !isFixed, !Self.settingKeys.contains(key) { unknown.append(key) }
                pairs.removeAll { $0.key == key || (key == "durability" && $0.key == "sync.interval.ms") }
            }
        }
        if let key = unknown.first {
            throw BrokerError(
                .invalidConfiguration, "there is no topic setting \(key.prefix(80).debugDescription).",
                remedy: "Known are \(Self.settingKeys.joined(separator: ", ")).")
        }
        return try TopicConfiguration(partitionCount: partitionCount, settings: pairs, over: defaults)
    }
}
