import ArgumentParser
import EdgeBroker

struct TopicAlter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alter", abstract: "Change a topic's settings, or give it more partitions.",
        usage: "edgebroker topic alter <name> [<options>]",
        discussion: """
            What is not named stays as it is. Settings and partitions are changed all together or not at all. Over a server settings are read and written back: a change that somebody else makes in between is lost.

            EXAMPLES:
              edgebroker topic alter telemetry -c retention.ms=86400000 --data-dir DIR
              edgebroker topic alter telemetry --delete retention.ms --partitions 8 \\
                --data-dir DIR
              edgebroker topic alter telemetry -c retention.ms=86400000 \\
                --bootstrap-server localhost:9092
            """)

    @Argument(help: "The topic's name.", transform: GivenName.of)
    var name: String

    @Option(
        name: .customShort("c"),
        help: ArgumentHelp("A setting and its new value; docs/topic-settings.md has all.", valueName: "key=value"))
    var settings: [SettingArgument] = []

    @Option(help: ArgumentHelp("A setting that gets its default back.", valueName: "key"))
    var delete: [String] = []

    @Option(help: "How many partitions the topic is to have: more than now, at most 10000.")
    var partitions: Int32?

    @OptionGroup var place: LogPlaceOptions

    func validate() throws {
        if settings.isEmpty, delete.isEmpty, partitions == nil {
            throw ValidationError("Nothing to alter: give -c, --delete or --partitions.")
        }
    }

    func run() async throws {
        let changes =
            settings.map { TopicSettingChange.set(key: $0.key, value: $0.value) }
            + delete.map { TopicSettingChange.reset(key: $0) }
        let topic = try await place.withPlace { try await $0.alterTopic(name, changes, partitions: partitions) }
        let changed = topic.settings.filter { !$0.isDefault }.map { "\($0.key)=\($0.value)" }
        let told = changed.isEmpty ? "all settings at their defaults" : changed.joined(separator: " ")
        let count = topic.partitions.count == 1 ? "1 partition" : "\(topic.partitions.count) partitions"
        Console.talk("Topic \(topic.name) has \(count), \(told).")
    }
}
