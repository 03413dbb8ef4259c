import ArgumentParser
import KafkaClient

struct KafkaConsoleConsumer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Persona.consoleConsumer.rawValue, abstract: "Print a topic's records as they come.",
        discussion: """
            Begins behind the newest record unless --from-beginning or --offset says otherwise; with a group, where the group \
            has committed. Without a group nothing is committed, and --include reads the topics that there are at the start. \
            `edgebroker topic consume` does more, such as times and formats.

            EXAMPLES:
              kafka-console-consumer --bootstrap-server localhost:9092 \\
                --topic telemetry --from-beginning --max-messages 10
              kafka-console-consumer --bootstrap-server localhost:9092 \\
                --topic telemetry --partition 0 --offset 42 --timeout-ms 5000
              kafka-console-consumer --bootstrap-server localhost:9092 \\
                --include 'erp\\..*' --group audit --property print.key=true
            """, version: Persona.version)

    @Option(help: "The topic's name.", transform: GivenName.of)
    var topic: String?
    @Option(
        help: ArgumentHelp(
            "All topics whose whole name matches, without those that begin with __; several with commas.",
            valueName: "regex"))
    var include: TopicPattern?
    @Option(help: "Only this partition.")
    var partition: Int32?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("earliest, latest, or an offset; needs --partition.", valueName: "where"),
        transform: Self.place)
    var offset: ConsumeStart?
    @Flag var fromBeginning = false
    @Option(help: ArgumentHelp("Stop after so many.", valueName: "count"))
    var maxMessages: Int?
    @Option(help: ArgumentHelp("Stop when nothing has come for so long.", valueName: "ms"))
    var timeoutMs: Int?
    @Option(help: "Read as a member of this group.", transform: GivenName.of)
    var group: String?
    @Option(
        name: [.customLong("property"), .customLong("formatter-property")],
        help: ArgumentHelp("How records are printed, such as print.key=true.", valueName: "key=value"))
    var format: [SettingArgument] = []
    @Option(
        name: [.customLong("consumer-property"), .customLong("command-property")],
        help: ArgumentHelp("A property of the client.", valueName: "key=value"))
    var properties: [SettingArgument] = []
    @Option(help: ArgumentHelp("read_uncommitted or read_committed.", valueName: "level"))
    var isolationLevel: IsolationLevel = .uncommitted

    @Option(help: ArgumentHelp("A file of properties as --property takes them.", valueName: "file"))
    var formatterConfig: String?
    @Option(help: ArgumentHelp("Only that of strings or of bytes.", valueName: "class"))
    var keyDeserializer: String?
    @Option(help: ArgumentHelp("Only that of strings or of bytes.", valueName: "class"))
    var valueDeserializer: String?

    @OptionGroup var server: PersonaServer

    var request: ConsoleReading {
        get throws {
            if let maxMessages, maxMessages < 1 { throw ValidationError("--max-messages must be 1 or more.") }
            if let timeoutMs, timeoutMs < 0 { throw ValidationError("--timeout-ms must be 0 or more.") }
            let topics = try topics
            let client = try ConsoleProperties(properties)
            let group = group ?? client.group
            if offset != nil, partition == nil {
                throw ValidationError("--offset is one partition's: add --partition.")
            }
            if offset != nil, fromBeginning { throw ValidationError("Give --offset or --from-beginning, not both.") }
            if partition != nil, group != nil {
                throw ValidationError("A group chooses the partitions: leave out --partition, or --group.")
            }
            let start = offset ?? (fromBeginning ? .earliest : client.start ?? .latest)
            var layout = try SettingArgument.file(formatterConfig, "--formatter-config") + format
            if let keyDeserializer { layout.append(SettingArgument("key.deserializer", keyDeserializer)) }
            if let valueDeserializer { layout.append(SettingArgument("value.deserializer", valueDeserializer)) }
            return ConsoleReading(
                topics: topics, partition: partition, start: start, max: maxMessages,
                patience: timeoutMs.map { .milliseconds($0) }, group: group, layout: try ConsoleLayout(layout),
                isCommittedOnly: isolationLevel == .committed, client: client.others)
        }
    }

    private var topics: ConsoleReading.Topics {
        get throws {
            switch (topic, include) {
            case (let topic?, nil): return .one(topic)
            case (nil, let pattern?):
                if partition != nil {
                    throw ValidationError("--partition is one topic's: give --topic, not --include.")
                }
                return .matching(pattern)
            default: throw ValidationError("Give one of --topic and --include.")
            }
        }
    }

    /// - Throws: a `ValidationError` that says what it may be.
    @Sendable private static func place(_ text: String) throws(ValidationError) -> ConsumeStart {
        switch ConsumeStart(argument: text) {
        case .earliest?: return .earliest
        case .latest?: return .latest
        case .offset(let offset)?: return .offset(offset)
        case .tail, .time, .stored, nil: throw ValidationError("it is earliest, latest, or an offset.")
        }
    }

    func run() async throws {
        let request = try request
        let log = try server.log(request.client)
        let printer = RecordPrinter(.console(request.layout), max: request.max)
        defer { Console.talk("Processed a total of \(printer.printed) messages") }
        let isDamaged = try await cancelledByInterrupt {
            return try await log.read(try await log.reading(request), into: printer)
        }
        if isDamaged { throw ExitStatus.critical }
    }
}

/// What `--isolation-level` takes.
enum IsolationLevel: String, ExpressibleByArgument {
    case uncommitted = "read_uncommitted"
    case committed = "read_committed"
}
