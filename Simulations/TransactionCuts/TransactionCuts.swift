import Glibc
import LogStore

/// Simulates producers and their transactions on a broker that loses power, each plant from one seed, and holds what readers see
/// against a small model: committed is whole and in order, everything else is absent, and nothing is there twice.
///
/// `TransactionCuts [--seeds N] [--first S] [--planted-bugs]`
@main
enum TransactionCuts {
    static func main() async {
        var seeds: UInt64 = 300
        var first: UInt64 = 1
        var plantsBugs = false
        var rest = CommandLine.arguments.dropFirst()
        while let option = rest.popFirst() {
            switch option {
            case "--seeds": seeds = rest.popFirst().flatMap { UInt64($0) } ?? 0
            case "--first": first = rest.popFirst().flatMap { UInt64($0) } ?? 0
            case "--planted-bugs": plantsBugs = true
            default: seeds = 0
            }
        }
        if seeds == 0 {
            print("usage: TransactionCuts [--seeds N] [--first S] [--planted-bugs]")
            exit(64)
        }
        if plantsBugs { exit(await findBugs(first..<(first &+ seeds))) }
        exit(await simulate(first..<(first &+ seeds)))
    }

    private static func simulate(_ seeds: Range<UInt64>) async -> Int32 {
        let start = ContinuousClock.now
        var totals = Totals()
        var failed = 0
        for seed in seeds {
            let (one, violation) = await Plant.run(seed: seed)
            totals += one
            guard let violation else { continue }
            failed += 1
            if failed <= 10 { print("seed \(seed) failed: \(violation)\n  replay it: --seeds 1 --first \(seed)") }
        }
        totals.lines.forEach { print("  \($0)") }
        let seconds = (ContinuousClock.now - start).components.seconds
        print(
            "\(seeds.count) seeds from \(seeds.lowerBound) in \(seconds) s: \(failed == 0 ? "none" : "\(failed)") failed"
        )
        return failed == 0 ? 0 : 1
    }

    private static func findBugs(_ seeds: Range<UInt64>) async -> Int32 {
        #if PLANTED_BUGS
            var missed = 0
            for bug in PlantedProducerBug.allCases {
                PlantedProducerBug.active = bug
                var finding: (UInt64, Violation)?
                for seed in seeds where finding == nil {
                    if let violation = await Plant.run(seed: seed).violation { finding = (seed, violation) }
                }
                if let (seed, violation) = finding {
                    print("\(bug.rawValue): found by seed \(seed): \(violation)")
                } else {
                    missed += 1
                    print("\(bug.rawValue): not found in \(seeds.count) seeds")
                }
            }
            return missed == 0 ? 0 : 1
        #else
            print("This build has no planted bugs: build with EDGEBROKER_PLANTED_BUGS=1.")
            return 64
        #endif
    }
}
