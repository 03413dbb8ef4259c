import ArgumentParser
import KafkaClient

struct KafkaConsoleConsumer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Persona.consoleConsumer.rawValue, abstract: "Print a topic's records as they come.",
        discussion: """
            Begins behind the newest record unless --from-beginning or --offset says otherwise; with a group, where the group has
            committed. Without a group nothing is committed. `edgebroker topic consume` does more, such as times and formats.

            EXAMPLES:
              kafka-console-consumer --bootstrap-server localhost:9092 --topic telemetry --from-beginning --max-messages 10
              kafka-console-consumer --bootstrap-server localhost:9092 --topic telemetry --partition 0 --offset 42 --timeout-ms 5000
              kafka-console-consumer --bootstrap-server localhost:9092 --topic telemetry --group audit --property print.key=true
            """, version: Persona.version)

    @Option(help: "The topic's name.")
    var topic: String
    @Option(help: "Only this partition.")
    var partition: Int32?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("earliest, latest, or an offset; needs --partition.", valueName: "where"))
    var offset: ConsumeStart?
    @Flag var fromBeginning = false
    @Option(help: ArgumentHelp("Stop after so many.", valueName: "count"))
    var maxMessages: Int?
    @Option(help: ArgumentHelp("Stop when nothing has come for so long.", valueName: "ms"))
    var timeoutMs: Int?
    @Option(help: "Read as a member of this group.")
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

    @OptionGroup var server: PersonaServer

    var request: ConsoleReading {
        get throws {
            if let maxMessages, maxMessages < 1 { throw ValidationError("--max-messages must be 1 or more.") }
            if let timeoutMs, timeoutMs < 0 { throw ValidationError("--timeout-ms must be 0 or more.") }
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
            switch start {
            case .earliest, .latest, .offset: break
            case .tail, .time, .stored: throw ValidationError("--offset takes earliest, latest, or an offset.")
            }
            return ConsoleReading(
                topic: topic, partition: partition, start: start, max: maxMessages,
                patience: timeoutMs.map { .milliseconds($0) }, group: group, layout: try ConsoleLayout(format),
                isCommittedOnly: isolationLevel == .committed, client: client.others)
        }
    }

    func run() async throws {
        let request = try request
        let log = try server.log(request.client)
        let printer = RecordPrinter(.console(request.layout), max: request.max)
        defer { Console.talk("Processed a total of \(printer.printed) messages") }
        let isDamaged = try await cancelledByInterrupt {
            var topic = try await log.topic(request.topic)
            if let partition = request.partition { topic.partitions = [try topic.partition(partition)] }
            let reading = Reading(
                topic: topic, starts: try await log.starts(request.start, in: topic),
                isCommittedOnly: request.isCommittedOnly,
                group: request.group.map {
                    GroupReading(group: $0, startsAtEarliest: request.start == .earliest)
                }, patience: request.patience)
            return try await log.read(reading, into: printer)
        }
        if isDamaged { throw ExitStatus.critical }
    }
}

/// What `--isolation-level` takes.
enum IsolationLevel: String, ExpressibleByArgument {
    case uncommitted = "read_uncommitted"
    case committed = "read_committed"
}
