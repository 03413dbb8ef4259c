import ArgumentParser
import KafkaClient

struct KafkaConsoleProducer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Persona.consoleProducer.rawValue, abstract: "Append a record for each line of standard input.",
        discussion: """
            The topic must be there. Prints no prompt, and nothing when all is well.

            EXAMPLES:
              kafka-console-producer --bootstrap-server localhost:9092 --topic telemetry < lines.txt
              kafka-console-producer --bootstrap-server localhost:9092 --topic telemetry --property parse.key=true --property key.separator=:
            """, version: Persona.version)

    @Option(help: "The topic's name.")
    var topic: String
    @Option(
        name: [.customLong("property"), .customLong("reader-property")],
        help: ArgumentHelp("How lines are read: parse.key=true, key.separator=:", valueName: "key=value"))
    var reader: [SettingArgument] = []
    @Option(
        name: [.customLong("producer-property"), .customLong("command-property")],
        help: ArgumentHelp("A property of the client.", valueName: "key=value"))
    var properties: [SettingArgument] = []
    @Option(help: ArgumentHelp("none, gzip, snappy, lz4 or zstd.", valueName: "codec"))
    var compressionCodec: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("all or -1, 1, or 0.", valueName: "acks"))
    var requestRequiredAcks: String?
    @Option(help: ArgumentHelp("How many bytes go together at most.", valueName: "bytes"))
    var batchSize: Int?
    @Option(help: ArgumentHelp("How long a record waits for others.", valueName: "ms"))
    var timeout: Int?
    @Option(help: ArgumentHelp("How often a record is sent again.", valueName: "count"))
    var messageSendMaxRetries: Int?
    @Option(help: ArgumentHelp("How long the server may take for an answer.", valueName: "ms"))
    var requestTimeoutMs: Int?
    @Flag(help: "Changes nothing: the end waits for every record in any case.")
    var sync = false

    @OptionGroup var server: PersonaServer

    var request: ConsoleWriting {
        get throws {
            var client = ClientProperties()
            for (name, value) in [
                ("acks", requestRequiredAcks), ("compression.type", compressionCodec),
                ("batch.size", batchSize.map(String.init)),
                ("linger.ms", timeout.map(String.init)), ("request.timeout.ms", requestTimeoutMs.map(String.init)),
                ("message.send.max.retries", messageSendMaxRetries.map(String.init)),
            ] {
                if let value { client.set(name, value) }
            }
            let java = try JavaProperties(properties.map { ClientProperties.Property($0.key, $0.value) })
            return ConsoleWriting(
                topic: topic, separator: try ConsoleWriting.separator(reader), client: client.with(java.properties))
        }
    }

    func run() async throws {
        let request = try request
        let log = try server.log(request.client)
        try await cancelledByInterrupt {
            try await LineProduction(topic: request.topic, separator: request.separator, isQuiet: true).run(in: log)
        }
    }
}
