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
        let clock = ContinuousClock()
        let start = clock.now
        var totals = Totals()
        var failed = 0
        for seed in arguments.seedRange {
            TrapReport.note(seed: seed)
            let (plant, violation) = await Plant.run(seed: seed, trace: arguments.trace)
            totals += plant.totals
            guard let violation else { continue }
            failed += 1
            if failed <= 10 { report(seed, plant, violation) }
        }
        totals.lines.forEach { print("  \($0)") }
        let seconds = (clock.now - start).components.seconds
        print(
            "\(arguments.seeds) seeds from \(arguments.first) in \(seconds) s: \(failed == 0 ? "none" : "\(failed)") failed"
        )
        return failed == 0 ? 0 : 1
    }

    private static func report(_ seed: UInt64, _ plant: Plant, _ violation: Violation) {
        print("seed \(seed) failed: \(violation)")
        print("  its plant: \(plant.scenario)")
        print("  replay it: \(CommandLine.arguments[0]) --seeds 1 --first \(seed)")
    }

    #if PLANTED_BUGS
        /// Plants each bug and looks for a seed that finds it.
        private static func findBugs(_ arguments: Arguments) async -> Int32 {
            var missed = 0
            for bug in arguments.bug.map({ [$0] }) ?? PlantedBug.allCases {
                PlantedBug.active = bug
                var found = false
                for seed in arguments.seedRange where !found {
                    TrapReport.note(seed: seed)
                    let (_, violation) = await Plant.run(seed: seed, trace: arguments.trace)
                    guard let violation else { continue }
                    found = true
                    print("\(bug.rawValue): found by seed \(seed), the \(seed - arguments.first + 1)th: \(violation)")
                }
                if !found {
                    missed += 1
                    print("\(bug.rawValue): not found in \(arguments.seeds) seeds from \(arguments.first)")
                }
            }
            print(missed == 0 ? "Every planted bug was found." : "\(missed) planted bugs were not found.")
            return missed == 0 ? 0 : 1
        }
    #endif

    private static func complain(_ text: String) {
        var line = text + "\n"
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
