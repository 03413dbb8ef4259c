import ArgumentParser

struct GroupDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a group and its offsets.",
        usage: "edgebroker group delete <name> [<options>]",
        discussion: """
            A group that has members is left alone (status 75). Members that a stopped server last knew count until their sessions \
            are over, which run while a server has the folder; --evict puts them out, in a folder only.

            EXAMPLES:
              edgebroker group delete mes --data-dir DIR
              edgebroker group delete mes --bootstrap-server localhost:9092
            """)

    @Argument(help: "The group's name.", transform: GivenName.of)
    var name: String

    @Flag(help: "Put out the members that the group has.")
    var evict = false

    @OptionGroup var place: LogPlaceOptions

    func run() async throws {
        try await place.withPlace { try await $0.deleteGroup(name, evicts: evict) }
    }
}
