import ArgumentParser
import EdgeBroker
import RecordFormat

struct GroupDescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show a group's members, offsets and lag.",
        usage: "edgebroker group describe <name> [<options>]",
        discussion: """
            `committed` is the first offset that is not done, `high_watermark` the first that consumers may not read yet, and `lag` \
            what lies between. While no server runs, members are those that it last knew. Over a server the generation is not told, and of a group of Kafka's \
            consumer protocol (KIP-848) neither members nor assignor.

            EXAMPLES:
              edgebroker group describe mes --data-dir DIR
              edgebroker group describe mes --bootstrap-server localhost:9092
              edgebroker group describe mes --data-dir DIR -o json |
                jq '[.partitions[].lag] | add'
            """)

    @Argument(help: "The group's name.", transform: GivenName.of)
    var name: String

    @OptionGroup var place: LogPlaceOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (group, lags) = try await place.withPlace { place in
            (try await place.group(name), try await place.lag(of: name))
        }
        let names = Dictionary(
            (group.members ?? []).map { ($0.memberID, $0.instanceID ?? $0.memberID) },
            uniquingKeysWith: { first, _ in first })
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
        for member in group.members ?? [] {
            members.add([
                .text(member.memberID), member.instanceID.map { .text($0) } ?? .null, .text(member.clientID),
                .text(member.host), .integer(Int64(member.partitions.count)),
            ])
        }
        if output.format == .table {
            let assignor = group.assignor.isEmpty ? "" : ", assignor \(group.assignor)"
            let type = group.type.map { ", \($0)" } ?? ""
            let generation = group.generation.map { ", generation \($0)" } ?? ""
            Console.data(line: "\(group.name)\(type), \(group.state ?? "-")\(generation)\(assignor)")
            if group.members?.isEmpty == false { Console.data(Array(members.text(.table).utf8)) }
            Console.data(Array(partitions.text(.table).utf8))
        } else {
            let description = JSONValue.object([
                ("group", .text(group.name)), ("type", group.type.map { .text($0) } ?? .null),
                ("state", group.state.map { .text($0) } ?? .null),
                ("generation", group.generation.map { .integer(Int64($0)) } ?? .null),
                ("assignor", group.assignor.isEmpty ? .null : .text(group.assignor)),
                ("members", group.members == nil ? .null : .array(members.objects)),
                ("partitions", .array(partitions.objects)),
            ])
            Console.data(line: description.encoded)
        }
    }
}
