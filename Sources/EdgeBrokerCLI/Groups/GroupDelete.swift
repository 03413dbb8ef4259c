import ArgumentParser
import EdgeBroker

struct GroupDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a group and its offsets.",
        discussion: """
            A group that has members is left alone (status 75). Members that a stopped server last knew count until their sessions
            are over; --evict puts them out.

            EXAMPLES:
              edgebroker group delete mes --data-dir DIR
            """)

    @Argument(help: "The group's name.")
    var name: String

    @Flag(help: "Put out the members that the group has.")
    var evict = false

    @OptionGroup var data: DataDirectoryOptions

    func run() async throws {
        try await data.withBroker { broker in
            if evict { try broker.admin.evictMembers(of: name) }
            try await broker.admin.deleteGroup(name)
        }
    }
}
