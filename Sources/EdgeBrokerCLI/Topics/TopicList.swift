import ArgumentParser

struct TopicList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all topics, internal ones too.",
        usage: "edgebroker topic list [<options>]",
        discussion: """
            `records` counts what can be read; `owner` is the replication slot whose capture writes the topic. A server tells neither \
            bytes nor owner.

            EXAMPLES:
              edgebroker topic list --data-dir DIR
              edgebroker topic list --data-dir DIR -o ndjson | jq -r .topic
              edgebroker topic list --bootstrap-server localhost:9092
            """)

    @OptionGroup var place: LogPlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let topics = try await place.withPlace { try await $0.topics() }
        var listing = Listing(["topic", "partitions", "records", "bytes", "owner"])
        for topic in topics {
            listing.add([
                .text(topic.name), .integer(Int64(topic.partitions.count)), .integer(topic.readableRecords),
                topic.sizeInBytes.map { .integer($0) } ?? .null, topic.owner.map { .text($0) } ?? .null,
            ])
        }
        Console.data(Array(listing.text(output.format).utf8))
    }
}
