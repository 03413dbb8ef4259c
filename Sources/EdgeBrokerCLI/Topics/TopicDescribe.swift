import ArgumentParser

struct TopicDescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show a topic's settings, partitions and offsets.",
        usage: "edgebroker topic describe <name> [<options>]",
        discussion: """
            `log_start` is the oldest offset kept, `high_watermark` the first that consumers may not read yet, `log_end` the next \
            to be given out. The table has the settings that can be changed; -o json has all, with which of them are at their \
            default, and which cannot be changed. A server tells neither id, owner, log end nor bytes.

            EXAMPLES:
              edgebroker topic describe erp.items --data-dir DIR
              edgebroker topic describe erp.items --data-dir DIR -o json | jq .partitions
              edgebroker topic describe erp.items --bootstrap-server localhost:9092
            """)

    @Argument(help: "The topic's name.", transform: GivenName.of)
    var name: String

    @OptionGroup var place: LogPlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let topic = try await place.withPlace { try await $0.topic(name) }
        if output.format == .table {
            Console.data(Array(TopicText.lines(topic).utf8))
            return
        }
        var settings = Listing(["setting", "value", "default", "fixed"])
        for setting in topic.settings {
            settings.add([
                .text(setting.key), .text(setting.value), .boolean(setting.isDefault), .boolean(setting.isFixed),
            ])
        }
        let changeable = topic.settings.filter { !$0.isFixed }
        let description = JSONValue.object([
            ("topic", .text(topic.name)), ("id", topic.id.map { .text($0) } ?? .null),
            ("owner", topic.owner.map { .text($0) } ?? .null),
            ("configuration", .object(changeable.map { ($0.key, .text($0.value)) })),
            ("settings", .array(settings.objects)),
            ("partitions", .array(TopicText.partitions(of: topic).objects)),
        ])
        Console.data(line: description.encoded)
    }
}
