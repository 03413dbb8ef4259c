import ArgumentParser
import EdgeBroker

struct TopicCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a topic.",
        discussion: """
            EXAMPLES:
              edgebroker topic create telemetry --partitions 4 --data-dir DIR
              edgebroker topic create orders -c durability=synced --data-dir DIR
            """)

    @Argument(help: "1 to 249 of the letters A-Z a-z 0-9 . _ -")
    var name: String

    @Option(help: "How many partitions, 1 to 10000.")
    var partitions: Int32 = 1

    @Option(name: .customShort("c"), help: ArgumentHelp("A setting; known: durability=synced.", valueName: "key=value"))
    var settings: [String] = []

    @OptionGroup var data: DataDirectoryOptions

    func validate() throws {
        for setting in settings {
            switch setting {
            case "durability=synced": break
            case "durability=buffered": throw ValidationError("durability=buffered is not built yet; synced is.")
            default: throw ValidationError("There is no topic setting \"\(setting)\"; known: durability=synced.")
            }
        }
    }

    func run() async throws {
        let topic = try await data.withBroker(creates: true) { broker in
            try await broker.admin.createTopic(name, TopicConfiguration(partitionCount: partitions))
        }
        let count = topic.partitions.count == 1 ? "1 partition" : "\(topic.partitions.count) partitions"
        Console.talk("Created topic \(topic.name) with \(count), id \(topic.id).")
    }
}
