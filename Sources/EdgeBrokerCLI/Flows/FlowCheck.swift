import ArgumentParser
import FlowFile

struct FlowCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tell every mistake of a flow's file, or of a plant's, with its line.",
        discussion: """
            Checks the file, every expression, and, if the source answers, the source: settings, rights, tables, their replica \
            identity, and the expressions against their columns. Says what it could not check. Reads only.

            EXAMPLES:
              edgebroker flow check flows/erp-to-mes.yaml
              edgebroker flow check /etc/edgebroker/edgebroker.yaml
            """)

    @Argument(help: "A flow's file, or a plant's configuration with all its flows.")
    var file: String

    func run() async throws {
        let flows: [Flow]
        let warnings: [ConfigurationIssue]
        switch try ConfigurationFiles.kind(of: file) {
        case .flow:
            let checked = try ConfigurationFiles.flow(at: file)
            (flows, warnings) = ([checked.value], checked.warnings)
        case .plant:
            let checked = try ConfigurationFiles.plant(at: file)
            (flows, warnings) = (checked.value.flows, checked.warnings)
        }
        for warning in warnings { Console.talk("\(warning)") }
        var failure: Failure?
        for flow in flows {
            let result = try await FlowVerdict.of(FlowPlan(flow))
            for line in result.unchecked { Console.talk("not checked: \(line)") }
            for mistake in result.mistakes { Console.talk(mistake.description) }
            failure = failure ?? result.mistakes.first
            if result.mistakes.isEmpty { Console.data(line: "\(flow.position.file): \(result.summary)") }
        }
        if let failure { throw failure.status }
    }
}
