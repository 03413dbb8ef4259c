import ArgumentParser
import RecordFormat

struct TopicProduce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Append a record for each line of standard input.",
        usage: "edgebroker topic produce <name> [<options>]",
        discussion: """
            Lines are appended as they come, many to a sync, and in their order. A key chooses the partition that Kafka's own \
            producer would choose. Without -K records have no key. A key or a value that is the text of --null-marker, or \
            with -Z one that is empty, is null: a null value is a tombstone, which deletes its key from a compacted topic.

            Ends with a line on standard error that says how many were appended: these survive whatever comes. The first line \
            that cannot be appended ends it, with a status other than 0. To a server lines are sent without waiting for one \
            another, each once and in order; when one is refused, some behind it may have been appended: the line on standard \
            error says how many.

            EXAMPLES:
              edgebroker topic produce telemetry --data-dir DIR < lines.txt
              echo 'press-7:{"temperature":81}' |
                edgebroker topic produce telemetry -K : --data-dir DIR
              echo 'press-7:' | edgebroker topic produce state -K : -Z --data-dir DIR
              edgebroker topic produce telemetry -b localhost:9092 \\
                -H source=press -X compression.type=zstd < lines.txt
            """)

    @Argument(help: "The topic's name.", transform: GivenName.of)
    var name: String

    @Option(
        name: [.customShort("K"), .customLong("key-separator")],
        help: ArgumentHelp("What stands between key and value; the first one in a line counts.", valueName: "sep"))
    var separator: String?

    @Option(name: [.customShort("p"), .long], parsing: .unconditional, help: "Append to this partition.")
    var partition: Int32?

    @Option(
        name: .customShort("H"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A header of every record. May be repeated.", valueName: "name=value"))
    var headers: [SettingArgument] = []

    @Flag(name: .customShort("Z"), help: "An empty value is null, and an empty key.")
    var emptyIsNull = false

    @Option(help: ArgumentHelp("A value that is exactly this is null, and a key.", valueName: "text"))
    var nullMarker: String?

    @OptionGroup var place: LogPlaceOptions

    func validate() throws {
        if separator == "" { throw ValidationError("-K needs at least one character.") }
        if headers.contains(where: \.key.isEmpty) { throw ValidationError("-H needs a name in front of the =.") }
        if let separator, separator == nullMarker {
            throw ValidationError("-K and --null-marker are the same; they must differ.")
        }
    }

    var format: LineFormat {
        LineFormat(
            keySeparator: separator.map { Array($0.utf8) },
            commonHeaders: headers.map { RecordHeader(key: $0.key, value: Array($0.value.utf8)) },
            nullMarker: nullMarker.map { Array($0.utf8) }, readsEmptyAsNull: emptyIsNull)
    }

    func run() async throws {
        let (place, production) = (place, LineProduction(topic: name, partition: partition, format: format))
        try await cancelledByInterrupt { try await place.withPlace { try await production.run(in: $0) } }
    }
}
