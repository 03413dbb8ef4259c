import ArgumentParser
import DemoPlant
import Dispatch
import Glibc
import Synchronization

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "See it work: a throw-away ERP and MES, and changes every second.",
        discussion: """
            Starts a Postgres of its own, fills an ERP, loads it into a SQLite MES while orders, items and bills of material \
            change, prints a line of figures a second, and compares the two row by row at the end. The last line is \
            `demo: equal, N rows in M tables`, or `demo: different, …` with exit status 2. Needs Postgres' server binaries.

            EXAMPLES:
              edgebroker demo
              edgebroker demo --seconds 60 --data-dir /tmp/demo
            """)

    @Option(help: "How long the changes go on.")
    var seconds = 15

    @Option(help: ArgumentHelp("An empty or new folder that keeps everything afterwards.", valueName: "dir"))
    var dataDir: String?

    @Option(help: "How much is said on standard error.")
    var logLevel = LogLevel.warning

    func validate() throws {
        if !(1...86_400).contains(seconds) { throw ValidationError("--seconds must be 1 to 86400, found \(seconds).") }
    }

    func run() async throws {
        var demo = DemoRun()
        demo.seconds = seconds
        demo.directory = dataDir
        let stop = StopFlag()
        let logger = logLevel.logger
        let outcome = try await onOwnThread { [demo] in
            try demo.run(
                isInterrupted: { stop.isSet }, line: { Console.data(line: $0) }, talk: { Console.talk($0) },
                start: { try ServedDemo($0, logger) })
        }
        Console.data(line: "demo: \(outcome.summary)")
        if !outcome.isEqual { throw ExitStatus.critical }
    }
}

/// Set by Ctrl-C or SIGTERM, asked now and then. A second signal ends the process at once.
private final class StopFlag: Sendable {
    private let flag = Mutex(false)
    // Only kept: Dispatch guards its sources.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [weak self] in self?.set() }
            source.resume()
        }
    }

    var isSet: Bool { flag.withLock { $0 } }

    private func set() {
        let isSecond = flag.withLock { flag in
            defer { flag = true }
            return flag
        }
        if isSecond { _exit(ExitStatus.interrupted.rawValue) }
    }
}
