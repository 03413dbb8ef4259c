import ArgumentParser
import EdgeBroker
import RecordFormat

struct TopicConsume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consume", abstract: "Read a topic's records.",
        discussion: """
            Prints a value a line, or with -o ndjson an object a line: topic, partition, offset, timestamp (ms since 1970), \
            headers, key, value; bytes that are not UTF-8 stand as base64 under key_b64 and value_b64. With -f it is as kcat has it: \
            %t topic, %p partition, %o offset, %T timestamp, %k key, %K its length, %s value, %S its length, %h headers, \\n \\t \\xHH.

            -o takes kcat's words as well: beginning, end, stored, an offset, -N for the last N of each partition, s@TIME to begin at and \
            e@TIME to end before (ms since 1970, or 2026-11-22T06:00:00Z). It may be repeated.

            With -G it reads as a member of a group, from where the group has committed, and commits what it has printed.

            Damaged offsets are named on standard error, reading goes on behind them, and the exit status is 2. Of a server only the \
            first is known: reading that partition ends there.

            EXAMPLES:
              edgebroker topic consume erp.items --data-dir DIR --exit-at-end
              edgebroker topic consume erp.items --data-dir DIR --from 2026-11-22T06:00:00Z
              edgebroker topic consume erp.items -b localhost:9092 -o -5 -e \\
                -f '%p %o %k: %s\\n'
              edgebroker topic consume erp.items -b localhost:9092 \\
                -o s@2026-11-22T06:00:00Z -o e@2026-11-22T07:00:00Z -e -o ndjson
              edgebroker topic consume erp.items -b localhost:9092 -G audit -c 100
            """)

    @Argument(help: "The topic's name.", transform: GivenName.of)
    var name: String

    @Option(name: [.customShort("p"), .long], parsing: .unconditional, help: "Only this partition.")
    var partition: Int32?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "earliest, latest, an offset, -N, or a time such as 2026-11-22T06:00:00Z.", valueName: "where"),
        transform: ConsumeStart.of)
    var from: ConsumeStart?

    @Option(name: [.customShort("c"), .long], help: "Stop after this many records.")
    var max: Int?

    @Flag(name: [.customShort("e"), .long], help: "Stop at the end instead of waiting for more.")
    var exitAtEnd = false

    @Option(
        name: [.customShort("o"), .customLong("output")], parsing: .unconditionalSingleValue,
        help: "value or ndjson; or where to begin and to end.", transform: ConsumeOutput.of)
    var outputs: [ConsumeOutput] = []

    @Option(
        name: .customShort("f"), help: ArgumentHelp("How to print a record, as with kcat.", valueName: "format"),
        transform: { try FormatString($0) })
    var format: FormatString?

    @Option(
        name: [.customShort("G"), .long], help: ArgumentHelp("Read as a member of this group.", valueName: "group"),
        transform: GivenName.of)
    var group: String?

    @Flag(help: "Leave out what was aborted, and wait for transactions that are open.")
    var committed = false

    @OptionGroup var place: LogPlaceOptions

    func validate() throws {
        if let max, max < 1 { throw ValidationError("--max must be 1 or more.") }
        let starts = outputs.filter { if case .start = $0 { true } else { false } }
        if starts.count + (from == nil ? 0 : 1) > 1 { throw ValidationError("Give one place to begin at.") }
        if format != nil, outputs.contains(.ndjson) { throw ValidationError("Give -f or -o ndjson, not both.") }
        if group == nil {
            if start == .stored { throw ValidationError("What is stored is a group's: add -G.") }
            return
        }
        if partition != nil { throw ValidationError("The group chooses the partitions: leave out --partition, or -G.") }
        if ![.earliest, .latest, .stored].contains(start) {
            throw ValidationError(
                "A group begins where it has committed: with -G only earliest, latest and stored are possible.")
        }
    }

    private var start: ConsumeStart {
        for case .start(let start) in outputs { return start }
        return from ?? (group == nil ? .earliest : .stored)
    }

    private var until: Timestamp? {
        for case .end(let time) in outputs { return time }
        return nil
    }

    private var layout: RecordLayout {
        if let format { return .format(format) }
        return outputs.contains(.ndjson) ? .ndjson : .value
    }

    func run() async throws {
        let command = self
        let isDamaged = try await cancelledByInterrupt {
            try await command.place.withPlace { try await command.consume($0) }
        }
        if isDamaged { throw ExitStatus.critical }
    }

    /// - Returns: whether damage was met.
    private func consume(_ place: any LogPlace) async throws -> Bool {
        var topic = try await place.topic(name)
        if let partition { topic.partitions = [try topic.partition(partition)] }
        if case .offset = start, topic.partitions.count > 1 {
            throw Failure(
                .usage, "An offset is one partition's, and \(name) has \(topic.partitions.count). Add --partition.")
        }
        let reading = Reading(
            topics: [topic], starts: try await place.starts(start, in: topic), until: until, exitsAtEnd: exitAtEnd,
            isCommittedOnly: committed,
            group: group.map { GroupReading(group: $0, startsAtEarliest: start != .latest) })
        return try await place.read(reading, into: RecordPrinter(layout, max: max))
    }
}
