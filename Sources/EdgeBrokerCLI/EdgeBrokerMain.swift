import ArgumentParser
import Glibc

/// Parses, runs, and turns whatever happened into an exit status and at most a line on standard error.
@main enum Main {
    static func main() async {
        DescriptorLimit.raise()
        // Commands that must leave something in order on Ctrl-C install a handler of their own.
        signal(SIGINT) { _ in _exit(ExitStatus.interrupted.rawValue) }
        do {
            var command = try EdgeBrokerCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            finish(error)
        }
    }

    private static func finish(_ error: any Error) -> Never {
        if let status = error as? ExitStatus { exit(status.rawValue) }
        // Help and version are no failures; the parser knows its own errors.
        switch EdgeBrokerCommand.exitCode(for: error) {
        case .success:
            Console.data(line: EdgeBrokerCommand.fullMessage(for: error))
            exit(ExitStatus.done.rawValue)
        case .validationFailure:
            Console.talk("edgebroker: " + UsageMessage.line(EdgeBrokerCommand.fullMessage(for: error)))
            exit(ExitStatus.usage.rawValue)
        default:
            let failure = Failure(explaining: error)
            Console.talk("edgebroker: \(failure)")
            exit(failure.status.rawValue)
        }
    }
}

/// A verdict is no failure: the command has said all there is to say.
extension ExitStatus: Error {}
