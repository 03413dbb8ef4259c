import ArgumentParser

struct GroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "List, describe, move and delete consumer groups.",
        discussion: """
            EXAMPLES:
              edgebroker group list --data-dir DIR
              edgebroker group describe mes --data-dir DIR
              edgebroker group seek mes --topic erp.items --to earliest --dry-run \\
                --data-dir DIR
              edgebroker group delete mes --data-dir DIR
              edgebroker group list --bootstrap-server localhost:9092
            """,
        subcommands: [GroupList.self, GroupDescribe.self, GroupSeek.self, GroupDelete.self])
}
