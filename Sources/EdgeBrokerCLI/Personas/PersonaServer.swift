import ArgumentParser
import KafkaClient

/// Which server, in the words of Kafka's tools.
struct PersonaServer: ParsableArguments {
    @Option(
        name: [.customLong("bootstrap-server"), .customLong("broker-list")],
        help: ArgumentHelp("The server; several with commas.", valueName: "host:port"))
    var bootstrapServer: String

    @Option(
        name: [.customLong("command-config"), .customLong("consumer.config"), .customLong("producer.config")],
        help: ArgumentHelp("A file of client properties.", valueName: "file"))
    var commandConfig: String?

    /// - Parameter more: what other options say of the client; it wins over the file.
    func log(_ more: ClientProperties = ClientProperties()) throws -> ServedLog {
        try ServerAddresses.check(bootstrapServer, option: "--bootstrap-server")
        var client = try ClientPropertyFile.properties(in: commandConfig)
        client.set("bootstrap.servers", bootstrapServer)
        return try ServedLog(client.with(more))
    }
}
