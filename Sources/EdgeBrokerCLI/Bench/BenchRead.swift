import ArgumentParser
import EdgeBroker
import LogStore
import RecordFormat

struct BenchRead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read a topic as fast as its checksums can be checked.",
        usage: "edgebroker bench read --data-dir <dir> [<options>]",
        discussion: """
            Reads the topic once, in reads of 1 MiB by one thread, partition after partition, and checks the CRC of every batch. \
            The last line on standard output is one JSON object as of `bench write`: p50_us and p99_us are of a read, sync_calls \
            is 0, and mb_per_second counts whole batches. With --by-record every record is decompressed and looked at. With \
            --lookups that many offsets are found by time instead, and records counts these. After a storage error there is an \
            "error", and the exit status is 1.

            EXAMPLES:
              edgebroker bench read --data-dir DIR
              edgebroker bench read --data-dir DIR --from 2026-11-22T06:00:00Z --cold
              edgebroker bench read --data-dir DIR --lookups 10000
            """)

    @Option(help: ArgumentHelp("The folder of the log. Refused while a server has it open.", valueName: "dir"))
    var dataDir: String
    @Option(help: "Must be there.")
    var topic = "bench"
    @Option(help: "Only this partition.")
    var partition: Int32?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "earliest, latest, an offset, -N, or a time such as 2026-11-22T06:00:00Z. (default: earliest)",
            valueName: "where"), transform: ConsumeStart.of)
    var from: ConsumeStart = .earliest
    @Flag(help: "Has the system forget the segments first, so that they come from the disk.")
    var cold = false
    @Flag(help: "Looks at every record, not only at every batch.")
    var byRecord = false
    @Option(help: "Finds offsets by time, spread over what the partition holds, instead of reading.")
    var lookups: Int?

    func validate() throws {
        if from == .stored { throw ValidationError("--from takes earliest, latest, an offset, -N or a time.") }
        if let lookups, lookups < 1 { throw ValidationError("--lookups must be 1 or more.") }
        if lookups != nil, byRecord { throw ValidationError("--lookups reads no records; leave --by-record out.") }
    }

    func run() async throws {
        try await BenchFigures.reporting {
            let figures = try await FolderLog.with(dataDir, creates: false) { try measure($0.broker) }
            Console.data(line: figures.json.encoded)
        }
    }

    private func measure(_ broker: Broker) throws -> BenchFigures {
        let directory = broker.directory
        var partitions = try broker.admin.describe(topic).partitions.map(\.index)
        if let partition {
            guard partitions.contains(partition) else {
                throw Failure(
                    .notFound, "Topic \(topic) has no partition \(partition), only 0 to \(partitions.count - 1).")
            }
            partitions = [partition]
        }
        if case .offset = from, partitions.count > 1 {
            throw Failure(
                .usage, "An offset is one partition's, and \(topic) has \(partitions.count). Add --partition.")
        }
        var run = BenchReadRun(directory: directory)
        var starts: [(Partition, Offset)] = []
        for index in partitions {
            guard let partition = directory.partition(TopicPartition(topic: topic, partition: index)) else { continue }
            starts.append((partition, try run.start(of: partition, from)))
            if cold { try run.forget(partition) }
        }
        let (start, cpu) = (BenchClock.monotonic(), BenchClock.cpu())
        for (partition, offset) in starts {
            if let lookups {
                try run.find(max(1, lookups / starts.count), in: partition, from: offset)
            } else if byRecord {
                try run.readRecords(of: partition, from: offset)
            } else {
                try run.readBatches(of: partition, from: offset)
            }
        }
        run.figures.seconds = Double(BenchClock.monotonic() - start) / 1e9
        run.figures.cpuSeconds = Double(BenchClock.cpu() - cpu) / 1e9
        return run.figures
    }
}
