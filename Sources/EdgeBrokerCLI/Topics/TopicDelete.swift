import ArgumentParser
import EdgeBroker

struct TopicDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a topic with all its records.",
        discussion: """
            What consumer groups have committed for it goes too. Once it is said to be deleted nothing brings it back. The broker's own
            topics and captured ones are refused with status 77.

            EXAMPLES:
              edgebroker topic delete telemetry --data-dir DIR
            """)

    @Argument(help: "The topic's name.")
    var name: String

    @OptionGroup var data: DataDirectoryOptions

    func run() async throws {
        let records = try await data.withBroker { broker in
            let records = try broker.admin.describe(name).readableRecords
            try await broker.admin.deleteTopic(name)
            return records
        }
        Console.talk("Deleted topic \(name) with \(records) \(records == 1 ? "record" : "records").")
    }
}
