import ArgumentParser
import KafkaClient

struct KafkaConsoleProducer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Persona.consoleProducer.rawValue, abstract: "Append a record for each line of standard input.",
        usage: "kafka-console-producer --bootstrap-server <host:port> --topic <topic> ...",
        discussion: """
            The topic must be there. Prints no prompt, and nothing when all is well. Lines end with \\n, \\r\\n or \\r.

            PROPERTIES OF LINES:
              parse.key=true            a key stands in front of the value
              key.separator=TEXT        between them; a tab without it
              parse.headers=true        headers stand in front of both: h:v,h:v
              headers.delimiter=TEXT    behind the headers; a tab without it
              headers.separator=TEXT    between two headers; a comma without it
              headers.key.separator=TEXT  in a header; a colon without it
              null.marker=TEXT          what stands for null in key, value and header
              ignore.error=true         a line without them is all value

            EXAMPLES:
              kafka-console-producer --bootstrap-server localhost:9092 \\
                --topic telemetry < lines.txt
              kafka-console-producer --bootstrap-server localhost:9092 \\
                --topic state --property parse.key=true \\
                --property key.separator=: --property null.marker=NULL
            """, version: Persona.version)

    @Option(help: "The topic's name.", transform: GivenName.of)
    var topic: String
    @Option(
        name: [.customLong("property"), .customLong("reader-property")],
        help: ArgumentHelp(
            "How lines are read, such as parse.key=true.", valueName: "key=value"))
    var reader: [SettingArgument] = []
    @Option(help: ArgumentHelp("A file of properties as --property takes them.", valueName: "file"))
    var readerConfig: String?
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
    @Option(help: ArgumentHelp("How many bytes of a partition's records go together at most.", valueName: "bytes"))
    var maxPartitionMemoryBytes: Int?
    @Option(help: ArgumentHelp("How many bytes may wait to be sent.", valueName: "bytes"))
    var maxMemoryBytes: Int?
    @Option(help: ArgumentHelp("How long to wait before a record is sent again.", valueName: "ms"))
    var retryBackoffMs: Int?
    @Option(help: ArgumentHelp("How often the client asks for what it knows of the topic.", valueName: "ms"))
    var metadataExpiryMs: Int?
    @Option(help: ArgumentHelp("Of the socket.", valueName: "bytes"))
    var socketBufferSize: Int?
    @Flag(help: "Changes nothing: the end waits for every record in any case.")
    var sync = false

    @OptionGroup var server: PersonaServer

    var request: ConsoleWriting {
        get throws {
            if let maxMemoryBytes, maxMemoryBytes < 1 { throw ValidationError("--max-memory-bytes must be 1 or more.") }
            var client = ClientProperties()
            if let requestRequiredAcks { client.set("acks", requestRequiredAcks) }
            if let compressionCodec { client.set("compression.type", compressionCodec) }
            let numbers: [(name: String, value: Int?)] = [
                ("batch.size", batchSize ?? maxPartitionMemoryBytes), ("linger.ms", timeout),
                ("request.timeout.ms", requestTimeoutMs), ("message.send.max.retries", messageSendMaxRetries),
                ("queue.buffering.max.kbytes", maxMemoryBytes.map { max(1, $0 / 1024) }),
                ("retry.backoff.ms", retryBackoffMs), ("metadata.max.age.ms", metadataExpiryMs),
                ("socket.send.buffer.bytes", socketBufferSize),
            ]
            for (name, value) in numbers {
                if let value { client.set(name, "\(value)") }
            }
            let java = try JavaProperties(properties.map { ClientProperties.Property($0.key, $0.value) })
            return ConsoleWriting(
                topic: topic, format: try LineFormat(SettingArgument.file(readerConfig, "--reader-config") + reader),
                client: client.with(java.properties))
        }
    }

    func run() async throws {
        let request = try request
        let log = try server.log(request.client)
        try await cancelledByInterrupt {
            try await LineProduction(topic: request.topic, format: request.format, isQuiet: true).run(in: log)
        }
    }
}
