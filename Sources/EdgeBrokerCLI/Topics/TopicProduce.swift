import ArgumentParser

struct TopicProduce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Append a record for each line of standard input.",
        discussion: """
            Lines are appended as they come, many to a sync, and in their order. A key chooses the partition that Kafka's own producer
            would choose. Without -K records have no key.

            Ends with a line on standard error that says how many were appended: these survive whatever comes. The first line that
            cannot be appended ends it, with a status other than 0. To a server lines are sent without waiting for one another, each once
            and in order; when one is refused, some behind it may have been appended: the line on standard error says how many.

            EXAMPLES:
              edgebroker topic produce telemetry --data-dir DIR < lines.txt
              echo 'press-7:{"temperature":81}' | edgebroker topic produce telemetry -K : --data-dir DIR
              edgebroker topic produce telemetry -b localhost:9092 -X compression.type=zstd < lines.txt
            """)

    @Argument(help: "The topic's name.")
    var name: String

    @Option(
        name: [.customShort("K"), .customLong("key-separator")],
        help: ArgumentHelp("What stands between key and value; the first one in a line counts.", valueName: "sep"))
    var separator: String?

    @Option(name: [.customShort("p"), .long], help: "Append to this partition.")
    var partition: Int32?

    @OptionGroup var place: LogPlaceOptions

    func validate() throws {
        if separator == "" { throw ValidationError("-K needs at least one character.") }
    }

    func run() async throws {
        let (place, production) = (place, LineProduction(topic: name, partition: partition, separator: separator))
        try await cancelledByInterrupt { try await place.withPlace { try await production.run(in: $0) } }
    }
}
