import ArgumentParser

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine.",
        discussion: """
            EXAMPLES:
              edgebroker bench write --data-dir DIR --records 100000 --producers 256
              edgebroker bench read --data-dir DIR
            """,
        subcommands: [BenchWrite.self, BenchRead.self])
}
