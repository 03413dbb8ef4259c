import ArgumentParser
import LogStore
import RecordFormat

struct LogVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read every byte of a log and say what is damaged. Changes nothing.",
        discussion: """
            Damage is a line `DAMAGE file offsets A..B byte N: cause`. With --acks, the output of `bench write --print-acks` is
            held against the log: `LOST` and `DIFFERENT` lines name acknowledged records that the log does not have, or has
            otherwise.

            Exit status: 0 sound (a torn tail that the next start will cut is only a note), 1 an acknowledged record is lost and
            no damage explains it, 2 damage, 3 could not tell.

            EXAMPLES:
              edgebroker log verify DIR
              edgebroker log verify /tmp/bench --acks /tmp/acks.txt
            """)

    @Argument(help: ArgumentHelp("The folder of the log; no server may have it open.", valueName: "dir"))
    var directory: String

    @Option(help: ArgumentHelp("What was acknowledged: lines of `bench write --print-acks`.", valueName: "file"))
    var acks: String?

    func run() throws {
        let verdict: LogVerdict
        do {
            verdict = try LogVerdict.of(directory, acknowledgements: acks)
        } catch {
            Console.talk("edgebroker: \(Failure(explaining: error))")
            throw ExitStatus.unknown
        }
        for line in verdict.notes { Console.talk("note: \(line)") }
        for line in verdict.lines { Console.data(line: line) }
        Console.data(line: verdict.summary)
        if verdict.status != .done { throw verdict.status }
    }
}
