import ArgumentParser
import EdgeBroker
import RecordFormat

struct TopicList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all topics, internal ones too.",
        discussion: """
            `records` counts what can be read; `owner` is the replication slot whose capture writes the topic.

            EXAMPLES:
              edgebroker topic list --data-dir DIR
              edgebroker topic list --data-dir DIR -o ndjson | jq -r .topic
            """)

    @OptionGroup var data: DataDirectoryOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let topics = try await data.withBroker { $0.admin.topics() }
        var listing = Listing(["topic", "partitions", "records", "bytes", "owner"])
        for topic in topics.sorted(by: { $0.name < $1.name }) {
            listing.add([
                .text(topic.name), .integer(Int64(topic.partitions.count)), .integer(topic.readableRecords),
                .integer(topic.partitions.reduce(0) { $0 + Int64($1.sizeInBytes) }),
                topic.owner.map { .text($0) } ?? .null,
            ])
        }
        Console.data(Array(listing.text(output.format).utf8))
    }
}

extension TopicDescription {
    var readableRecords: Int64 {
        partitions.reduce(0) { $0 + $1.highWatermark.rawValue - $1.logStart.rawValue }
    }
}
