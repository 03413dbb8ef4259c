import Glibc
import LogStore

/// Simulates plants whose broker loses power, is killed, meets failing disks and starts again, each from one seed; and holds
/// the real log and broker to their promises.
@main
enum PowerCuts {
    static func main() async {
        guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
            complain(Arguments.usage)
            exit(64)
        }
        if arguments.help {
            print(Arguments.usage)
            exit(0)
        }
        TrapReport.install()
        if !arguments.eachBug, arguments.bug == nil {
            exit(await simulate(arguments))
        }
        #if PLANTED_BUGS
            exit(await findBugs(arguments))
        #else
            complain("This build has no planted bugs: build with EDGEBROKER_PLANTED_BUGS=1.")
            exit(64)
        #endif
    }

    private static func simulate(_ arguments: Arguments) async -> Int32 {
        let (totals, failures, plants) = await Workers(arguments).run()
        for failure in failures.prefix(10) { report(failure) }
        totals.lines.forEach { print("  \($0)") }
        print(
            "\(plants) plants from seed \(arguments.first), \(totals[.powerCuts]) power cuts, \(cpuSeconds()) s of CPU: \(failures.isEmpty ? "none" : "\(failures.count)") failed"
        )
        return failures.isEmpty ? 0 : 1
    }

    private static func report(_ failure: Workers.Failure) {
        print("seed \(failure.seed) failed: \(failure.violation)")
        print("  its plant: \(failure.scenario)")
        print("  replay it: \(CommandLine.arguments[0]) --seeds 1 --first \(failure.seed)")
    }

    /// Of all threads, user and system.
    private static func cpuSeconds() -> Int {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return time.tv_sec
    }

    #if PLANTED_BUGS
        /// Plants each bug and looks for a seed that finds it.
        private static func findBugs(_ arguments: Arguments) async -> Int32 {
            var missed: [String] = []
            for bug in arguments.bug.map({ [$0] }) ?? PlantedBug.allCases {
                PlantedBug.active = bug
                let (totals, failures, plants) = await Workers(arguments, stopsAtFirst: true, isQuiet: true).run()
                if let first = failures.first {
                    print(
                        "\(bug.rawValue): found after \(plants) plants and \(totals[.powerCuts]) power cuts, by seed \(first.seed): \(first.violation)"
                    )
                } else {
                    missed.append(bug.rawValue)
                    print("\(bug.rawValue): NOT FOUND in \(plants) plants and \(totals[.powerCuts]) power cuts")
                }
            }
            print(
                missed.isEmpty
                    ? "Every planted bug was found; \(cpuSeconds()) s of CPU."
                    : "Not found: \(missed.joined(separator: ", ")).")
            return missed.isEmpty ? 0 : 1
        }
    #endif

    static func complain(_ text: String) {
        var line = text + "\n"
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
