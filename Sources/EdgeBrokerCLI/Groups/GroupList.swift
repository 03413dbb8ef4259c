import ArgumentParser
import EdgeBroker

struct GroupList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all consumer groups.",
        usage: "edgebroker group list [<options>]",
        discussion: """
            `lag` counts the records behind the committed offsets, over the partitions that have one; `-` where none has. A group \
            whose consumers keep only their offsets here is Empty.

            EXAMPLES:
              edgebroker group list --data-dir DIR
              edgebroker group list --bootstrap-server localhost:9092
              edgebroker group list --data-dir DIR -o ndjson | jq \\
                -r 'select(.lag > 0).group'
            """)

    @OptionGroup var place: LogPlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let listing = try await place.withPlace { place in
            var listing = Listing(["group", "state", "members", "assignor", "lag"])
            for group in try await place.groups() {
                let lags = try await place.lag(of: group.name).compactMap { $0.lag }
                listing.add([
                    .text(group.name), group.state.map { .text($0) } ?? .null,
                    (group.members?.count).map { .integer(Int64($0)) } ?? .null,
                    group.assignor.isEmpty ? .null : .text(group.assignor),
                    lags.isEmpty ? .null : .integer(lags.reduce(0, +)),
                ])
            }
            return listing
        }
        Console.data(Array(listing.text(output.format).utf8))
    }
}
