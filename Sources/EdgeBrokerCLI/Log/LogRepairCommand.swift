import ArgumentParser
import LogStore
import RecordFormat

struct LogRepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Put right what can be put right in a damaged log. Deletes nothing.",
        discussion: """
            Files that the rest of the log tells are written anew: meta.properties, partition.metadata, synced-ends, seals, \
            indexes. A damaged segment goes to DIR/set-aside/TIME/, what is good of it takes its place, and a .gap file names the \
            offsets that are lost: readers get an error with the next good offset, `log verify` shows a GAP and no DAMAGE. What is \
            found above the durable mark is left to the next start. A repair that was cut short is taken up by the next one.

            One of --dry-run and --yes must be given. Exit status: 0 nothing is left to repair, 2 something is left that only a \
            person can put right (rows with the action `none`).

            EXAMPLES:
              edgebroker log repair DIR --dry-run
              edgebroker log repair DIR --yes -o ndjson >> repairs.ndjson
            """)

    @Argument(help: ArgumentHelp("The folder of the log; no server may have it open.", valueName: "dir"))
    var directory: String

    @Flag(help: "Only say what would be done.")
    var dryRun = false

    @Flag(help: "Do it.")
    var yes = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if dryRun == yes { throw ValidationError("Give one of --dry-run and --yes.") }
    }

    func run() throws {
        let line = ProgressLine()
        let disk = PosixDisk()
        if try disk.kind(of: directory) == .absent {
            throw Failure(.notFound, "\(directory) does not exist. Name the folder of a log.")
        }
        let result = try LogRepair.run(
            directory, disk: disk, at: LogClock.system.wall(), isDryRun: dryRun,
            willTake: { step in line.tell { "repairing \(step.file)" } })
        var listing = Listing(["action", "topic", "partition", "file", "first_offset", "last_offset", "reason"])
        for step in result.steps {
            listing.add(
                [.text(step.action.rawValue)]
                    + LogVerdict.place(step.partition, step.file, step.offsets).map(\.1) + [.text(step.reason)])
        }
        for damage in result.left {
            listing.add(
                [.text("none")] + LogVerdict.place(damage.partition, damage.file, damage.offsets).map(\.1)
                    + [.text(damage.cause)])
        }
        if listing.rows.isEmpty {
            Console.talk("Nothing to repair.")
            if output.format == .json { Console.data(line: "[]") }
            return
        }
        Console.data(Array(listing.text(output.format).utf8))
        if !result.left.isEmpty { throw ExitStatus.critical }
    }
}
