import Glibc
import Synchronization

/// A trap in the log ends the process; without this nobody would know which seed did it.
enum TrapReport {
    private final class Seeds: Sendable {
        let first = Atomic<UInt64>(.max)
        let second = Atomic<UInt64>(.max)
        let third = Atomic<UInt64>(.max)
        let fourth = Atomic<UInt64>(.max)
    }
    /// Of the first workers: there are seldom more.
    private static let seeds = Seeds()

    static func note(seed: UInt64?, worker: Int) {
        let seed = seed ?? .max
        switch worker {
        case 0: seeds.first.store(seed, ordering: .relaxed)
        case 1: seeds.second.store(seed, ordering: .relaxed)
        case 2: seeds.third.store(seed, ordering: .relaxed)
        case 3: seeds.fourth.store(seed, ordering: .relaxed)
        default: break
        }
    }

    static func install() {
        note(seed: nil, worker: 0)
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGABRT] { signal(number) { TrapReport.end($0) } }
    }

    /// Only calls that a signal handler may make.
    private static func end(_ number: Int32) {
        say("PowerCuts: trapped; one of these replays it:\n")
        say(seeds.first.load(ordering: .relaxed))
        say(seeds.second.load(ordering: .relaxed))
        say(seeds.third.load(ordering: .relaxed))
        say(seeds.fourth.load(ordering: .relaxed))
        signal(number, SIG_DFL)
        raise(number)
    }

    private static func say(_ seed: UInt64) {
        if seed == .max { return }
        say("  --seeds 1 --first ")
        var divisor: UInt64 = 10_000_000_000_000_000_000
        var hasBegun = false
        var rest = seed
        while divisor > 0 {
            var digit = UInt8(truncatingIfNeeded: rest / divisor)
            rest %= divisor
            if digit > 0 || hasBegun || divisor == 1 {
                hasBegun = true
                digit += UInt8(ascii: "0")
                _ = write(2, &digit, 1)
            }
            divisor /= 10
        }
        say("\n")
    }

    private static func say(_ text: StaticString) { _ = write(2, text.utf8Start, text.utf8CodeUnitCount) }
}
