import Glibc
import Synchronization

/// A trap in the log ends the process; without this nobody would know which seed did it.
enum TrapReport {
    private static let seed = Atomic<UInt64>(0)

    static func note(seed: UInt64) { Self.seed.store(seed, ordering: .relaxed) }

    static func install() {
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGABRT] { signal(number) { TrapReport.end($0) } }
    }

    /// Only calls that a signal handler may make.
    private static func end(_ number: Int32) {
        var digits: (UInt8, UInt8) = (0, 0)
        say("PowerCuts: trapped; replay with --seeds 1 --first ")
        var divisor: UInt64 = 10_000_000_000_000_000_000
        var hasBegun = false
        var rest = seed.load(ordering: .relaxed)
        while divisor > 0 {
            let digit = UInt8(truncatingIfNeeded: rest / divisor)
            rest %= divisor
            if digit > 0 || hasBegun || divisor == 1 {
                hasBegun = true
                digits = (UInt8(ascii: "0") + digit, 0)
                withUnsafeBytes(of: &digits) { _ = write(2, $0.baseAddress, 1) }
            }
            divisor /= 10
        }
        say("\n")
        signal(number, SIG_DFL)
        raise(number)
    }

    private static func say(_ text: StaticString) { _ = write(2, text.utf8Start, text.utf8CodeUnitCount) }
}
