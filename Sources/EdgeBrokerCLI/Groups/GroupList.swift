import ArgumentParser
import EdgeBroker

struct GroupList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all consumer groups.",
        discussion: """
            `lag` counts the records that are not committed yet, over all partitions. A group whose consumers keep only their
            offsets here is Empty.

            EXAMPLES:
              edgebroker group list --data-dir DIR
              edgebroker group list --data-dir DIR -o ndjson | jq -r 'select(.lag > 0).group'
            """)

    @OptionGroup var data: DataDirectoryOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let listing = try await data.withBroker { broker in
            var listing = Listing(["group", "type", "state", "members", "assignor", "lag"])
            for group in broker.admin.groups() {
                let lag = try broker.admin.lag(of: group.name).reduce(0) { $0 + ($1.lag ?? 0) }
                listing.add([
                    .text(group.name), .text(group.type.rawValue), .text(group.state.rawValue),
                    .integer(Int64(group.members.count)),
                    group.assignor.isEmpty ? .null : .text(group.assignor), .integer(lag),
                ])
            }
            return listing
        }
        Console.data(Array(listing.text(output.format).utf8))
    }
}
