import ArgumentParser
import EdgeBroker
import RecordFormat

struct GroupSeek: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seek", abstract: "Have a group go on elsewhere.",
        usage: "edgebroker group seek <name> --topic <topic> --to <where> [<options>]",
        discussion: """
            Prints each partition with the offset that was committed and the one that is now. --dry-run only prints. The group need \
            not exist; one that has members is left alone (status 75), for they would commit over it.

            Members that a stopped server last knew count until their sessions are over, which run while a server has the folder. \
            --evict puts them out, in a folder only: those \
            that still run join again when they reach the server, and go on from here.

            EXAMPLES:
              edgebroker group seek mes --topic erp.items --to earliest --dry-run \\
                --data-dir DIR
              edgebroker group seek mes --topic erp.items --partition 0 --to 4711 \\
                --data-dir DIR
              edgebroker group seek mes --topic erp.items --to 2026-11-22T06:00:00Z \\
                --data-dir DIR
              edgebroker group seek mes --topic erp.items --to latest \\
                --bootstrap-server localhost:9092
            """)

    @Argument(help: "The group's name.", transform: GivenName.of)
    var name: String

    @Option(help: "The topic.", transform: GivenName.of)
    var topic: String

    @Option(parsing: .unconditional, help: "One partition; all of the topic's without it.")
    var partition: Int32?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("earliest, latest, an offset, or a time such as 2026-11-22T06:00:00Z.", valueName: "where"),
        transform: Self.place)
    var to: OffsetReset

    @Flag(help: "Change nothing.")
    var dryRun = false

    @Flag(help: "Put out the members that the group has.")
    var evict = false

    @OptionGroup var place: LogPlaceOptions
    @OptionGroup var output: OutputOptions

    /// - Throws: a `ValidationError` that says what it may be.
    @Sendable private static func place(_ text: String) throws(ValidationError) -> OffsetReset {
        if let reset = ConsumeStart(argument: text)?.reset { return reset }
        throw ValidationError(
            "it is earliest, latest, an offset of 0 or more, or a time with its zone such as 2026-11-22T06:00:00Z.")
    }

    func run() async throws {
        let moves = try await place.withPlace { place in
            var topic = try await place.topic(topic)
            if let partition { topic.partitions = [try topic.partition(partition)] }
            return try await place.seek(name, topic.names, to: to, isDryRun: dryRun, evicts: evict)
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
    /// The same as a place to go on; `nil` for what is no place of a group.
    var reset: OffsetReset? {
        switch self {
        case .earliest: .earliest
        case .latest: .latest
        case .offset(let offset): .offset(offset)
        case .time(let time): .time(time)
        case .tail, .stored: nil
        }
    }
}
