import ArgumentParser
import Testing

@testable import EdgeBrokerCLI

@Suite("The help of every command") struct HelpTests {
    private static func all(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap { all(of: $0) }
    }

    static let names = (all(of: EdgeBrokerCommand.self) + Persona.allCases.map(\.command)).map { "\($0)" }

    /// The parser wraps each line by itself: a paragraph that is cut into lines already comes out in long and short ones.
    @Test("has paragraphs of one line each, and lines that stand as they are fit into 80 columns", arguments: names)
    func wraps(_ name: String) throws {
        let all = Self.all(of: EdgeBrokerCommand.self) + Persona.allCases.map(\.command)
        let command = try #require(all.first { "\($0)" == name })
        let lines = command.configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false)
        var isInParagraph = false
        for line in lines {
            let isProse = !line.isEmpty && !line.hasPrefix(" ") && !line.hasSuffix(":")
            #expect(!(isProse && isInParagraph), "\(line)")
            if line.hasPrefix(" ") { #expect(line.count <= 80, "\(line)") }
            isInParagraph = isProse
        }
        for line in command.helpMessage(columns: 80).split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
}
