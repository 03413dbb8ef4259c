import ArgumentParser
import EdgeBroker
import RecordFormat

struct GroupSeek: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seek", abstract: "Have a group go on elsewhere.",
        discussion: """
            Prints each partition with the offset that was committed and the one that is now. --dry-run only prints. The group need
            not exist; one that has members is left alone (status 75), for they would commit over it.

            Members that a stopped server last knew count until their sessions are over. --evict puts them out: those that still
            run join again when they reach the server, and go on from here.

            EXAMPLES:
              edgebroker group seek mes --topic erp.items --to earliest --dry-run --data-dir DIR
              edgebroker group seek mes --topic erp.items --partition 0 --to 4711 --data-dir DIR
              edgebroker group seek mes --topic erp.items --to 2026-11-22T06:00:00Z --data-dir DIR
            """)

    @Argument(help: "The group's name.")
    var name: String

    @Option(help: "The topic.")
    var topic: String

    @Option(help: "One partition; all of the topic's without it.")
    var partition: Int32?

    @Option(help: "earliest, latest, an offset, or a time such as 2026-11-22T06:00:00Z.")
    var to: ConsumeStart

    @Flag(help: "Change nothing.")
    var dryRun = false

    @Flag(help: "Put out the members that the group has.")
    var evict = false

    @OptionGroup var data: DataDirectoryOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let moves = try await data.withBroker { broker in
            let topic = try broker.admin.describe(topic)
            let partitions = partition.map { [$0] } ?? topic.partitions.map(\.index)
            let names = partitions.map { TopicPartition(topic: topic.name, partition: $0) }
            // First, so that a mistake puts nobody out.
            let preview = try broker.admin.previewSeek(group: name, names, to: to.reset)
            if dryRun { return preview }
            if evict, broker.admin.groups().contains(where: { $0.name == name && !$0.members.isEmpty }) {
                try broker.admin.evictMembers(of: name)
            }
            return try await broker.admin.seek(group: name, names, to: to.reset)
        }
        var listing = Listing(["topic", "partition", "from", "to"])
        for move in moves {
            listing.add([
                .text(move.partition.topic), .integer(Int64(move.partition.partition)),
                move.from.map { .integer($0.rawValue) } ?? .null, .integer(move.to.rawValue),
            ])
        }
        Console.data(Array(listing.text(output.format).utf8))
        if dryRun { Console.talk("Nothing was changed: --dry-run.") }
    }
}

extension ConsumeStart {
    /// The same as a place to go on.
    var reset: OffsetReset {
        switch self {
        case .earliest: .earliest
        case .latest: .latest
        case .offset(let offset): .offset(offset)
        case .time(let time): .time(time)
        }
    }
}
