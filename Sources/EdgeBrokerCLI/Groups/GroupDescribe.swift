import ArgumentParser
import EdgeBroker
import RecordFormat

struct GroupDescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show a group's members, offsets and lag.",
        discussion: """
            `committed` is the first offset that is not done, `high_watermark` the first that consumers may not read yet, and `lag`
            what lies between. While no server runs, members are those that it last knew.

            EXAMPLES:
              edgebroker group describe mes --data-dir DIR
              edgebroker group describe mes --data-dir DIR -o json | jq '[.partitions[].lag] | add'
            """)

    @Argument(help: "The group's name.")
    var name: String

    @OptionGroup var data: DataDirectoryOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (group, lags) = try await data.withBroker { broker in
            (try broker.admin.describeGroup(name), try broker.admin.lag(of: name))
        }
        let names = Dictionary(
            group.members.map { ($0.memberID, $0.instanceID ?? $0.memberID) }, uniquingKeysWith: { first, _ in first })
        var partitions = Listing(["topic", "partition", "committed", "high_watermark", "lag", "member", "note"])
        for lag in lags {
            let note = lag.committed?.metadata ?? ""
            partitions.add([
                .text(lag.partition.topic), .integer(Int64(lag.partition.partition)),
                lag.committed.map { .integer($0.offset.rawValue) } ?? .null,
                lag.highWatermark.map { .integer($0.rawValue) } ?? .null, lag.lag.map { .integer($0) } ?? .null,
                lag.memberID.map { .text(names[$0] ?? $0) } ?? .null, note.isEmpty ? .null : .text(note),
            ])
        }
        var members = Listing(["member", "instance", "client", "host", "partitions"])
        for member in group.members {
            members.add([
                .text(member.memberID), member.instanceID.map { .text($0) } ?? .null, .text(member.clientID),
                .text(member.clientHost), .integer(Int64(member.partitions.count)),
            ])
        }
        if output.format == .table {
            let assignor = group.assignor.isEmpty ? "" : ", assignor \(group.assignor)"
            Console.data(
                line:
                    "\(group.name), \(group.type.rawValue), \(group.state.rawValue), generation \(group.generation)\(assignor)"
            )
            if !group.members.isEmpty { Console.data(Array(members.text(.table).utf8)) }
            Console.data(Array(partitions.text(.table).utf8))
        } else {
            let description = JSONValue.object([
                ("group", .text(group.name)), ("type", .text(group.type.rawValue)),
                ("state", .text(group.state.rawValue)),
                ("generation", .integer(Int64(group.generation))),
                ("assignor", group.assignor.isEmpty ? .null : .text(group.assignor)),
                ("members", .array(members.objects)), ("partitions", .array(partitions.objects)),
            ])
            Console.data(line: description.encoded)
        }
    }
}
