import EdgeBroker
import KafkaWire

/// Settings as Kafka's administrators ask for them.
enum Settings {
    /// What a setting is of, by Kafka's `ConfigResource`.
    static let (topic, broker): (Int8, Int8) = (2, 4)
    /// Where a value comes from.
    static let (dynamicTopic, staticBroker, defaultValue): (Int8, Int8, Int8) = (1, 4, 5)

    private static let (boolean, string, integer, long, double, list): (Int8, Int8, Int8, Int8, Int8, Int8) =
        (1, 2, 3, 5, 6, 7)

    static func type(of key: String, value: String) -> Int8 {
        switch key {
        case "cleanup.policy": list
        case "min.cleanable.dirty.ratio": double
        case _ where value == "true" || value == "false": boolean
        case _ where key.hasSuffix(".ms") || key.hasSuffix(".bytes") || key.hasSuffix(".messages"): long
        case _ where Int(value) != nil: integer
        default: string
        }
    }

    /// Those of a topic that was just made.
    static func created(_ configuration: TopicConfiguration) -> [CreateTopics.Response.Topic.Config] {
        let defaults = Dictionary(
            TopicConfiguration().settings.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        return configuration.settings.map { key, value in
            CreateTopics.Response.Topic.Config {
                $0.name = key
                $0.value = value
                $0.configSource = defaults[key] == value ? defaultValue : dynamicTopic
            }
        }
    }
}
