import ArgumentParser
import LogStore
import RecordFormat

struct LogDump: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump", abstract: "Show what is in a file of a log.",
        discussion: """
            Of a file: .log (a line per batch, or per record with --records), .seal, .gap and synced-ends, and of Kafka's \
            .index, .timeindex, .txnindex, .snapshot, the checkpoints, partition.metadata and meta.properties. Of a \
            partition's folder: all its .log files in order; with -o json or ndjson each row names its `file`.

            Changes nothing and minds no lock. Compressed batches are shown by their records too. A batch whose CRC is bad \
            stays without the fields that the CRC covers and without its records; it, and what is no batch at all, is named \
            on standard error, and the exit status is then 2.

            EXAMPLES:
              edgebroker log dump DIR/erp.items-0
              edgebroker log dump DIR/erp.items-0 --records -o ndjson
              edgebroker log dump DIR/erp.items-0/00000000000000000000.log
              edgebroker log dump DIR/erp.items-0/00000000000000000000.timeindex
              edgebroker log dump DIR/synced-ends -o json
            """)

    @Argument(help: "A file of the log, or a partition's folder.")
    var path: String

    @Flag(help: "A line per record instead of per batch.")
    var records = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        let disk = PosixDisk()
        do {
            let kind = try disk.kind(of: path)
            guard kind != .absent else { throw Failure(.notFound, "There is no file \(path). Check the path.") }
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if kind == .directory {
                let isSound = try PartitionDump(folder: path, disk: disk).show(records: records, output.format)
                if !isSound { throw ExitStatus.critical }
            } else if name.hasSuffix(".log") {
                let (rows, bad) = try SegmentDump(path: path, name: name, disk: disk).run(records: records)
                Console.data(Array(rows.text(output.format).utf8))
                for line in bad { Console.talk(line) }
                if !bad.isEmpty { throw ExitStatus.critical }
            } else if let listing = try SmallFileDump.listing(path, name, disk) {
                Console.data(Array(listing.text(output.format).utf8))
            } else {
                throw Failure(
                    .usage,
                    "\(path) has no name that a file of a log has. Name a .log file of a data directory, or a partition's folder."
                )
            }
        } catch let error as DiskError {
            throw Failure(
                error.isRefused ? .refused : .inputOutput, "Cannot read: \(error). Check the path and its rights.")
        }
    }
}
