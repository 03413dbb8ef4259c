import ArgumentParser

struct FlowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flow", abstract: "Check the files that say what flows where.",
        discussion: """
            EXAMPLES:
              edgebroker flow check flows/erp-to-mes.yaml
            """,
        subcommands: [FlowCheck.self])
}
