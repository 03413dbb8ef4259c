import EdgeBrokerTesting
import Glibc
import LogStore

/// Damages one file of a log after the other, as rot, a lost write or a person does, and holds the real log and broker to what they
/// promise: what is lost is reported, nothing wrong is served, and the rest is.
@main
enum Damages {
    /// Damages to one log before the next is made.
    private static let perFolder = 250

    static func main() async {
        guard let arguments = Arguments(Array(CommandLine.arguments.dropFirst())) else {
            var line = Arguments.usage + "\n"
            line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
            exit(64)
        }
        exit(await run(arguments))
    }

    private static func run(_ arguments: Arguments) async -> Int32 {
        let start = ContinuousClock.now
        var table = DamageTable()
        var kills = 0
        var failed = 0
        var next = arguments.first
        let end = arguments.first + arguments.runs
        while next < end, failed < 10 {
            let place = next / perFolder
            do throws(Violation) {
                let plants = try await Plants(seed: arguments.seed, place: place)
                if arguments.runs > 1 { kills += try plants.checkKills() }
                for number in next..<min(end, (place + 1) * perFolder) {
                    do throws(Violation) {
                        if let (cell, outcome) = try plants.tryDamage(number) { table.add(cell, outcome) }
                    } catch {
                        failed += 1
                        print("damage \(number) failed: \(error)")
                        print(
                            "  replay it: \(CommandLine.arguments[0]) --seed \(arguments.seed) --first \(number) --runs 1"
                        )
                        if failed == 10 { break }
                    }
                }
            } catch {
                failed += 1
                print("log \(place) failed: \(error)")
                print("  replay it: \(CommandLine.arguments[0]) --seed \(arguments.seed) --first \(next) --runs 2")
            }
            next = (place + 1) * perFolder
        }
        table.lines.forEach { print($0) }
        let seconds = (ContinuousClock.now - start).components.seconds
        print(
            "\(table.total) damages, \(kills) plain kills in \(seconds) s: \(failed == 0 ? "none" : "\(failed)") failed"
        )
        return failed == 0 ? 0 : 1
    }
}
