import ArgumentParser
import EdgeBroker
import KafkaClient

/// Where the verbs on topics and groups find the log.
struct LogPlaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the log. Refused while a server has it open.", valueName: "dir"))
    var dataDir: String?

    @Option(
        name: [.customShort("b"), .long],
        help: ArgumentHelp(
            "A server that speaks Kafka, instead of a folder; several with commas.", valueName: "host:port"))
    var bootstrapServer: String?

    @Option(
        name: .customShort("X"),
        help: ArgumentHelp(
            "A property of the client, by librdkafka's name, such as security.protocol=SSL. May be repeated.",
            valueName: "key=value"))
    var properties: [SettingArgument] = []

    @Option(help: ArgumentHelp("A file of client properties, as Kafka's tools take it.", valueName: "file"))
    var commandConfig: String?

    func validate() throws {
        if let bootstrapServer {
            try ServerAddresses.check(bootstrapServer, option: "-b")
            if dataDir != nil { throw ValidationError("Give --data-dir or --bootstrap-server, not both.") }
        } else {
            if dataDir == nil {
                throw ValidationError(
                    "Missing expected argument '--data-dir <dir>' or '--bootstrap-server <host:port>'.")
            }
            if !properties.isEmpty || commandConfig != nil {
                throw ValidationError("-X and --command-config are about a client; use them with --bootstrap-server.")
            }
        }
    }

    /// Opens the log, or finds the server, for as long as `body` runs.
    /// - Parameter creates: whether a folder that is not there yet is made; otherwise that is status 66.
    func withPlace<Result: Sendable>(
        creates: Bool = false, _ body: (any LogPlace) async throws -> Result
    ) async throws -> Result {
        if let bootstrapServer {
            var client = try ClientPropertyFile.properties(in: commandConfig)
            client.set("bootstrap.servers", bootstrapServer)
            for property in properties { client.set(property.key, property.value) }
            return try await body(try ServedLog(client))
        }
        guard let dataDir else { preconditionFailure("validate() was not called") }
        return try await FolderLog.with(dataDir, creates: creates, body)
    }
}
