import ArgumentParser
import EdgeBroker

struct TopicCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a topic.",
        usage: "edgebroker topic create <name> [<options>]",
        discussion: """
            EXAMPLES:
              edgebroker topic create telemetry --partitions 4 --data-dir DIR
              edgebroker topic create orders -c cleanup.policy=compact \\
                -c segment.bytes=16777216 --data-dir DIR
              edgebroker topic create telemetry --partitions 4 \\
                --bootstrap-server localhost:9092
            """)

    @Argument(help: "1 to 249 of the letters A-Z a-z 0-9 . _ -", transform: GivenName.of)
    var name: String

    @Option(help: "How many partitions, 1 to 10000.")
    var partitions: Int32 = 1

    @Option(
        name: .customShort("c"),
        help: ArgumentHelp(
            "A setting such as retention.ms=86400000; docs/topic-settings.md has all.", valueName: "key=value"))
    var settings: [SettingArgument] = []

    @OptionGroup var place: LogPlaceOptions

    func run() async throws {
        let topic = try await place.withPlace(creates: true) { place in
            try await place.createTopic(name, partitions: partitions, replicas: nil, settings: settings)
        }
        let count = topic.partitions.count == 1 ? "1 partition" : "\(topic.partitions.count) partitions"
        let id = topic.id.map { ", id \($0)" } ?? ""
        Console.talk("Created topic \(topic.name) with \(count)\(id).")
    }
}
