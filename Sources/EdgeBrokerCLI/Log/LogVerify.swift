import ArgumentParser
import LogStore
import RecordFormat

struct LogVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read every byte of a log and say what is damaged. Changes nothing.",
        discussion: """
            Damage is a line `DAMAGE file offsets A..B byte N: cause`; what `log repair` has given up is a line `GAP file offsets \
            A..B: cause`. With --acks, the output of `bench write --print-acks` is held against the log: `LOST` and `DIFFERENT` \
            lines name acknowledged records that the log does not have, or has otherwise; those below the log start were deleted. \
            -o json prints all of it as one object. What does no harm is a note on standard error: a torn tail that the next start \
            cuts, an index that is missing.

            Exit status: 0 sound, 1 an acknowledged record is lost and no damage explains it, 2 damage, which explains every \
            loss, 3 could not tell. A folder without a log is 0, if nothing was \
            acknowledged in it: a process may have been killed before it began. The line says so; it does not say `sound`.

            EXAMPLES:
              edgebroker log verify DIR
              edgebroker log verify /tmp/bench --acks /tmp/acks.txt
              edgebroker log verify DIR -o json | jq .damages
            """)

    @Argument(help: ArgumentHelp("The folder of the log; no server may have it open.", valueName: "dir"))
    var directory: String

    @Option(help: ArgumentHelp("What was acknowledged: lines of `bench write --print-acks`.", valueName: "file"))
    var acks: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let verdict: LogVerdict
        let line = ProgressLine()
        do {
            verdict = try LogVerdict.of(directory, acknowledgements: acks) { progress in
                line.tell {
                    "verifying \(progress.partition): \(ProgressLine.megabytes(progress.bytes)) of \(ProgressLine.megabytes(progress.ofBytes)) MB"
                }
            }
        } catch {
            Console.talk("edgebroker: \(Failure(explaining: error))")
            throw ExitStatus.unknown
        }
        for line in verdict.notes { Console.talk("note: \(line)") }
        switch output.format {
        case .table:
            for line in verdict.lines { Console.data(line: line) }
            Console.data(line: verdict.summary)
        case .json, .ndjson: Console.data(line: verdict.json.encoded)
        }
        if verdict.status != .done { throw verdict.status }
    }
}
