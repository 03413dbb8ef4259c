import ArgumentParser
import Glibc

/// Parses, runs, and turns whatever happened into an exit status and at most a line on standard error.
@main enum Main {
    static func main() async {
        DescriptorLimit.raise()
        // Commands that must leave something in order on Ctrl-C install a handler of their own.
        signal(SIGINT) { _ in _exit(ExitStatus.interrupted.rawValue) }
        let persona = Persona(program: CommandLine.arguments.first ?? "")
        let root = persona?.command ?? EdgeBrokerCommand.self
        do {
            var command = try root.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            finish(error, root, persona)
        }
    }

    private static func finish(_ error: any Error, _ root: any ParsableCommand.Type, _ persona: Persona?) -> Never {
        let name = persona?.rawValue ?? "edgebroker"
        if let status = error as? ExitStatus { exit(status.rawValue) }
        // Help and version are no failures; the parser knows its own errors.
        switch root.exitCode(for: error) {
        case .success:
            Console.data(line: root.fullMessage(for: error))
            exit(ExitStatus.done.rawValue)
        case .validationFailure:
            let words = CommandLine.arguments.dropFirst()
            if persona != nil, words.isEmpty {
                // The parser's answer to nothing is the whole help.
                Console.talk("\(name): No options were given. Try --help.")
            } else if let mistake = CommandMistake.line(
                words, of: root, refused: persona?.refusedOptions ?? [:])
            {
                Console.talk("\(name): \(mistake)")
            } else {
                Console.talk("\(name): " + UsageMessage.line(root.fullMessage(for: error)))
            }
            // As Kafka's tools do: whoever calls it by their names may not know what is left out.
            if persona != nil { Console.talk("Usage: " + root.usageString()) }
            exit(ExitStatus.usage.rawValue)
        default:
            let failure = Failure(explaining: error)
            Console.talk("\(name): \(failure)")
            exit(failure.status.rawValue)
        }
    }
}

/// A verdict is no failure: the command has said all there is to say.
extension ExitStatus: Error {}
