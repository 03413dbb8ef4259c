import ArgumentParser

/// One of Kafka's own tools that this binary stands in for when it is called by that name, so that scripts need no JVM.
enum Persona: String, CaseIterable {
    case topics = "kafka-topics"
    case consoleProducer = "kafka-console-producer"
    case consoleConsumer = "kafka-console-consumer"
    case consumerGroups = "kafka-consumer-groups"
    case getOffsets = "kafka-get-offsets"

    /// - Parameter program: how the process was called: the last component counts, with or without `.sh`.
    init?(program: String) {
        let name = program.split(separator: "/").last ?? ""
        self.init(rawValue: String(name.hasSuffix(".sh") ? name.dropLast(3) : name))
    }

    /// Each makes a request of its options when it runs, not in `validate()`, before which the parser does not look for unknown options.
    var command: any ParsableCommand.Type {
        switch self {
        case .topics: KafkaTopics.self
        case .consoleProducer: KafkaConsoleProducer.self
        case .consoleConsumer: KafkaConsoleConsumer.self
        case .consumerGroups: KafkaConsumerGroups.self
        case .getOffsets: KafkaGetOffsets.self
        }
    }

    static let version = "edgebroker \(Version.current), called by the name of Kafka's tool"
}
