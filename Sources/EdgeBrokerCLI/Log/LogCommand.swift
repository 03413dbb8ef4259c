import ArgumentParser

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Verify, repair and look into the files of a log.",
        discussion: """
            EXAMPLES:
              edgebroker log verify DIR
              edgebroker log repair DIR --dry-run
              edgebroker log dump DIR/erp.items-0/00000000000000000000.log
            """,
        subcommands: [LogVerify.self, LogRepairCommand.self, LogDump.self])
}
