import ArgumentParser
import EdgeBroker
import RecordFormat

struct KafkaConsumerGroups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Persona.consumerGroups.rawValue, abstract: "List, describe, move and delete consumer groups.",
        discussion: """
            --reset-offsets shows what would be, as --dry-run does, until --execute is given.

            EXAMPLES:
              kafka-consumer-groups --bootstrap-server localhost:9092 --list
              kafka-consumer-groups --bootstrap-server localhost:9092 \\
                --describe --group mes
              kafka-consumer-groups --bootstrap-server localhost:9092 --group mes \\
                --reset-offsets --topic erp.items --to-earliest --execute
              kafka-consumer-groups --bootstrap-server localhost:9092 --group mes \\
                --reset-offsets --topic erp.items:0 --shift-by -10 --dry-run
              kafka-consumer-groups --bootstrap-server localhost:9092 --group mes \\
                --delete-offsets --topic erp.items
            """, version: Persona.version)

    @Flag var list = false
    @Flag var describe = false
    @Flag var delete = false
    @Flag var resetOffsets = false
    @Flag(help: "Forget what the group has committed for --topic.")
    var deleteOffsets = false

    @Option(help: "May be repeated.", transform: GivenName.of)
    var group: [String] = []
    @Flag var allGroups = false
    @Option(
        help: ArgumentHelp(
            "With --reset-offsets and --delete-offsets; may be repeated.", valueName: "topic[:partitions]"))
    var topic: [TopicSelection] = []
    @Flag(help: "With --reset-offsets: all for which the group has committed.")
    var allTopics = false

    @Flag(help: "With --describe: how far the group has come. That is the default.")
    var offsets = false
    @Flag(help: "With --describe: who is in the group.")
    var members = false
    @Flag(
        help:
            "With --describe: how the group is as a whole. With --list: the state of each; a list of states behind it leaves out the others."
    )
    var state = false
    // The parser knows no option that may have a value or not.
    @Argument(help: .hidden)
    var states: String?
    @Flag(help: "With --members: which partitions each has.")
    var verbose = false

    @Flag var toEarliest = false
    @Flag var toLatest = false
    @Flag(help: "Where the group stands; at the end where it has committed nothing.")
    var toCurrent = false
    @Option(help: ArgumentHelp("An offset that is there.", valueName: "offset"))
    var toOffset: Int64?
    @Option(help: ArgumentHelp("2026-11-22T06:00:00.000, with a zone or in UTC.", valueName: "time"))
    var toDatetime: String?
    @Option(help: ArgumentHelp("So long ago, such as PT1H30M.", valueName: "duration"))
    var byDuration: ISODuration?
    @Option(parsing: .unconditional, help: ArgumentHelp("So many records on; back with a minus.", valueName: "count"))
    var shiftBy: Int64?
    @Option(help: ArgumentHelp("Lines of CSV as --export prints them.", valueName: "file"))
    var fromFile: String?
    @Flag var dryRun = false
    @Flag var execute = false
    @Flag(help: "Print topic,partition,offset and change nothing.")
    var export = false
    @Option(help: ArgumentHelp("Taken for Kafka's tool's sake; nothing comes of it.", valueName: "ms"))
    var timeout: Int?

    @OptionGroup var server: PersonaServer

    /// - Parameter now: from which a duration counts back.
    func request(now: Timestamp) throws -> GroupsRequest {
        guard [list, describe, delete, resetOffsets, deleteOffsets].filter({ $0 }).count == 1 else {
            throw ValidationError("Give one of --list, --describe, --delete, --reset-offsets and --delete-offsets.")
        }
        if let states, !list || !state {
            throw ValidationError("'\(states)' stands alone: only --list --state takes a value that is no option's.")
        }
        if list {
            if offsets || members || verbose {
                throw ValidationError("--offsets, --members and --verbose go with --describe.")
            }
            return .list(states: state ? try GroupStates(states) : nil)
        }
        if allGroups != group.isEmpty { throw ValidationError("Give --group or --all-groups.") }
        // Who adds one of these to --delete-offsets means to try, and would have deleted.
        let resets = try resets(now: now)
        if !resetOffsets, dryRun || execute || export || fromFile != nil || !resets.isEmpty {
            throw ValidationError("--dry-run, --execute, --export, --from-file and --to-… go with --reset-offsets.")
        }
        if delete, allTopics || !topic.isEmpty {
            throw ValidationError("--delete deletes whole groups: leave out --topic, or give --delete-offsets.")
        }
        let names = allGroups ? GroupNames.all : .some(group)
        if delete { return .delete(names) }
        if describe { return .describe(names, try shown) }
        if deleteOffsets {
            guard group.count == 1, let name = group.first, !topic.isEmpty, !allTopics else {
                throw ValidationError("--delete-offsets needs one --group, and --topic.")
            }
            return .deleteOffsets(name, topic)
        }
        switch (resets.first, fromFile) {
        case (nil, let file?):
            if allTopics || !topic.isEmpty {
                throw ValidationError("--from-file names the topics: leave out --topic and --all-topics.")
            }
            return .resetAsPlanned(names, file: file, try mode)
        case (let reset?, nil) where resets.count == 1:
            if allTopics != topic.isEmpty { throw ValidationError("Give --topic or --all-topics.") }
            return .reset(names, allTopics ? .committed : .some(topic), to: reset, try mode)
        default:
            throw ValidationError(
                "Give one of --to-earliest, --to-latest, --to-current, --to-offset, --to-datetime, --by-duration, --shift-by and --from-file."
            )
        }
    }

    private var shown: GroupsShown {
        get throws {
            if [offsets, members, state].filter({ $0 }).count > 1 {
                throw ValidationError("Give one of --offsets, --members and --state.")
            }
            return members ? .members(withPartitions: verbose) : state ? .state : .offsets
        }
    }

    private var mode: GroupResetMode {
        get throws {
            if execute, dryRun || export { throw ValidationError("Give one of --execute and --dry-run or --export.") }
            return execute ? .execute : export ? .export : .dryRun
        }
    }

    private func resets(now: Timestamp) throws -> [GroupTarget] {
        var resets: [GroupTarget] = []
        if toEarliest { resets.append(.reset(.earliest)) }
        if toLatest { resets.append(.reset(.latest)) }
        if toCurrent { resets.append(.current) }
        if let shiftBy { resets.append(.reset(.shift(shiftBy))) }
        if let toOffset {
            if toOffset < 0 { throw ValidationError("--to-offset must be 0 or more.") }
            resets.append(.reset(.offset(Offset(toOffset))))
        }
        if let toDatetime {
            // Kafka's tool takes a time without a zone as UTC.
            guard let time = WallTime.milliseconds(toDatetime) ?? WallTime.milliseconds(toDatetime + "Z") else {
                throw ValidationError("--to-datetime takes a time such as 2026-11-22T06:00:00.000.")
            }
            resets.append(.reset(.time(Timestamp(millisecondsSince1970: time))))
        }
        if let byDuration {
            let time = max(0, now.millisecondsSince1970 - byDuration.milliseconds)
            resets.append(.reset(.time(Timestamp(millisecondsSince1970: time))))
        }
        return resets
    }

    func run() async throws {
        let request = try request(now: Timestamp(millisecondsSince1970: WallTime.now))
        try await GroupsAnswer(try server.log()).answer(request)
        switch request {
        case .reset(_, _, _, .dryRun), .resetAsPlanned(_, _, .dryRun):
            if !dryRun { Console.talk("Nothing was changed: --execute is missing.") }
        default: break
        }
    }
}
