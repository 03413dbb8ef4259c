import ArgumentParser

struct KafkaTopics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Persona.topics.rawValue, abstract: "Create, list, describe, alter and delete topics.",
        discussion: """
            Options and output are those of Kafka's tool of this name. Settings are changed by `edgebroker topic alter`.

            EXAMPLES:
              kafka-topics --bootstrap-server localhost:9092 --create \\
                --topic telemetry --partitions 4 --config retention.ms=86400000
              kafka-topics --bootstrap-server localhost:9092 --list
              kafka-topics --bootstrap-server localhost:9092 --describe \\
                --topic 'erp\\..*'
            """, version: Persona.version)

    @Flag var create = false
    @Flag var list = false
    @Flag var describe = false
    @Flag var alter = false
    @Flag var delete = false

    @Option(
        help: "A name; except with --create a regular expression, or several with commas.", transform: GivenName.of)
    var topic: String?
    @Option(help: "How many partitions; with --create as many as the server thinks right without it.")
    var partitions: Int32?
    @Option var replicationFactor: Int32?
    @Option(name: .customLong("config"), help: ArgumentHelp("A setting of a new topic.", valueName: "key=value"))
    var settings: [SettingArgument] = []

    @Flag(help: "With --create: a topic that is there is no failure.")
    var ifNotExists = false
    @Flag(help: "With --describe, --alter and --delete: a topic that is not there is no failure.")
    var ifExists = false
    @Flag(help: "With --list and --describe: leave out topics that begin with __.")
    var excludeInternal = false
    @Flag(help: "With --describe: only topics with settings of their own.")
    var topicsWithOverrides = false
    @Flag(help: "With --describe: only partitions that miss a replica.")
    var underReplicatedPartitions = false
    @Flag(help: "With --describe: only partitions with fewer replicas in sync than min.insync.replicas.")
    var underMinIsrPartitions = false
    @Flag(help: "With --describe: only partitions with exactly as many.")
    var atMinIsrPartitions = false
    @Flag(help: "With --describe: only partitions without a leader.")
    var unavailablePartitions = false

    @OptionGroup var server: PersonaServer

    var request: TopicsRequest {
        get throws {
            guard [create, list, describe, alter, delete].filter({ $0 }).count == 1 else {
                throw ValidationError("Give one of --create, --list, --describe, --alter and --delete.")
            }
            if !create, !settings.isEmpty {
                throw ValidationError("--config goes with --create; `edgebroker topic alter` changes settings.")
            }
            if create { return try creation }
            var pattern: TopicPattern?
            if let topic {
                guard let valid = TopicPattern(argument: topic) else {
                    throw ValidationError("--topic '\(topic)' is no regular expression.")
                }
                pattern = valid
            }
            if list { return .list(pattern, withInternal: !excludeInternal) }
            if describe { return .describe(pattern, withInternal: !excludeInternal, try shown, onlyIfThere: ifExists) }
            guard let pattern else { throw ValidationError("--topic is missing.") }
            if delete { return .delete(pattern, onlyIfThere: ifExists) }
            guard let partitions else { throw ValidationError("--alter needs --partitions.") }
            return .alter(pattern, partitions: partitions, onlyIfThere: ifExists)
        }
    }

    private var creation: TopicsRequest {
        get throws {
            guard let topic else { throw ValidationError("--topic is missing.") }
            if let partitions, partitions < 1 { throw ValidationError("--partitions must be 1 or more.") }
            if let replicationFactor, replicationFactor < 1 {
                throw ValidationError("--replication-factor must be 1 or more.")
            }
            return .create(
                topic, partitions: partitions, replicas: replicationFactor, settings: settings,
                onlyIfAbsent: ifNotExists)
        }
    }

    private var shown: TopicsShown {
        get throws {
            let chosen: [(Bool, TopicsShown)] = [
                (topicsWithOverrides, .overridden), (underReplicatedPartitions, .underReplicated),
                (underMinIsrPartitions, .underMinimum), (atMinIsrPartitions, .atMinimum),
                (unavailablePartitions, .unavailable),
            ]
            let shown = chosen.filter(\.0).map(\.1)
            if shown.count > 1 { throw ValidationError("Give one of the options that choose what is described.") }
            return shown.first ?? .all
        }
    }

    func run() async throws { try await TopicsAnswer(try server.log()).answer(try request) }
}
