import ArgumentParser

struct TopicDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a topic with all its records.",
        usage: "edgebroker topic delete <name> [<options>]",
        discussion: """
            What consumer groups have committed for it goes too. Once it is said to be deleted nothing brings it back. The broker's own \
            topics and captured ones are refused with status 77.

            EXAMPLES:
              edgebroker topic delete telemetry --data-dir DIR
              edgebroker topic delete telemetry --bootstrap-server localhost:9092
            """)

    @Argument(help: "The topic's name.", transform: GivenName.of)
    var name: String

    @OptionGroup var place: LogPlaceOptions

    func run() async throws {
        let records = try await place.withPlace { place in
            let records = try await place.topic(name).readableRecords
            try await place.deleteTopic(name)
            return records
        }
        Console.talk("Deleted topic \(name) with \(records) \(records == 1 ? "record" : "records").")
    }
}
