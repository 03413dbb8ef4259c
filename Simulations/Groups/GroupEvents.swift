import EdgeBroker
import Glibc

/// Plays random sequences of events to a consumer group's coordinator, from each seed one in either protocol: consumers join, work,
/// stop and come back, die and leave; the disk fails and the broker restarts. Never may two own a partition in one generation (in the
/// consumer protocol: at once), a committed offset go back unasked, or a group not settle once the faults stop.
@main
enum GroupEvents {
    static func main() {
        guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
            complain(Arguments.usage)
            exit(64)
        }
        if !arguments.eachBug, arguments.bug == nil { exit(simulate(arguments)) }
        #if PLANTED_BUGS
            exit(findBugs(arguments))
        #else
            complain("This build has no planted bugs: build with EDGEBROKER_PLANTED_BUGS=1.")
            exit(64)
        #endif
    }

    private static func simulate(_ arguments: Arguments) -> Int32 {
        let clock = ContinuousClock()
        let start = clock.now
        var totals = Totals()
        var failed = 0
        for seed in arguments.seeds {
            guard let violation = play(seed, arguments, &totals) else { continue }
            failed += 1
            if failed <= 10 {
                print("seed \(seed) failed: \(violation)")
                print("  replay it: \(CommandLine.arguments[0]) --sequences 1 --first \(seed) --trace")
            }
        }
        totals.lines.forEach { print("  \($0)") }
        let seconds = (clock.now - start).components.seconds
        print(
            "\(arguments.sequences) sequences from \(arguments.first) in \(seconds) s: "
                + "\(failed == 0 ? "none" : "\(failed)") failed")
        return failed == 0 ? 0 : 1
    }

    private static func play(_ seed: UInt64, _ arguments: Arguments, _ totals: inout Totals) -> Violation? {
        var world = World(seed: seed, traces: arguments.traces)
        if let violation = world.run() { return violation }
        totals += world.totals
        var consumers = ConsumerWorld(seed: seed, traces: arguments.traces)
        if let violation = consumers.run() { return Violation("in the consumer protocol \(violation)") }
        totals += consumers.totals
        return nil
    }

    #if PLANTED_BUGS
        /// Plants each bug and looks for a seed that finds it.
        private static func findBugs(_ arguments: Arguments) -> Int32 {
            var missed = 0
            for bug in arguments.bug.map({ [$0] }) ?? PlantedGroupBug.allCases {
                PlantedGroupBug.active = bug
                var found = false
                for seed in arguments.seeds where !found {
                    var totals = Totals()
                    guard let violation = play(seed, arguments, &totals) else { continue }
                    found = true
                    print("\(bug.rawValue): found by seed \(seed), the \(seed - arguments.first + 1)th: \(violation)")
                }
                if !found {
                    missed += 1
                    print("\(bug.rawValue): not found in \(arguments.sequences) sequences from \(arguments.first)")
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
