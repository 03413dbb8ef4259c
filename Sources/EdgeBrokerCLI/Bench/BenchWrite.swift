import ArgumentParser
import EdgeBroker
import LogStore

struct BenchWrite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Append records as fast as they are acknowledged.",
        discussion: """
            Every producer has one append of --batch-records in flight. The last line on standard output is one JSON object: \
            records, seconds, records_per_second, mb_per_second (10^6 bytes of values), cpu_seconds, sync_calls, p50_us and \
            p99_us of an append; after a storage error with "error", and then the exit status is 1. With --print-acks a line \
            `ACK topic partition offset crc` follows every acknowledgement; `log verify --acks` reads them.

            EXAMPLES:
              edgebroker bench write --data-dir DIR --records 100000 --producers 256
              edgebroker bench write --data-dir DIR --partitions 4 --batch-records 1000
            """)

    enum Durability: String, ExpressibleByArgument, CaseIterable {
        case synced, buffered
    }

    @Option(help: ArgumentHelp("The folder of the log; appends to what is there.", valueName: "dir"))
    var dataDir: String
    @Option(help: "Created if it is not there.")
    var topic = "bench"
    @Option(help: "Of the topic.")
    var partitions: Int32 = 1
    @Option(help: "How many in all.")
    var records = 100_000
    @Option(help: ArgumentHelp("Of each record.", valueName: "bytes"))
    var valueSize = 100
    @Option(help: "Records of one append.")
    var batchRecords = 1
    @Option(help: "Each has one append in flight.")
    var producers = 1
    @Option(
        help: "synced: acknowledged once the disk has the record. buffered: once it is written; synced each second.")
    var durability: Durability = .synced
    @Option(help: ArgumentHelp("At which a segment is closed.", valueName: "bytes"))
    var segmentBytes: Int?
    @Option(help: ArgumentHelp("Of a partition, above which its oldest segments go.", valueName: "bytes"))
    var retentionBytes: Int?
    @Option(help: ArgumentHelp("Commits each producer's next offset for it, after every append.", valueName: "group"))
    var commitGroup: String?
    @Option(help: "Values come from it alone.")
    var seed: UInt64 = 1
    @Flag(help: "A line for every acknowledged record.")
    var printAcks = false

    func validate() throws {
        let ranges: [(String, Int, ClosedRange<Int>)] = [
            ("--partitions", Int(partitions), 1...10_000), ("--records", records, 1...Int(Int32.max) * 1000),
            ("--value-size", valueSize, 0...(64 << 20)), ("--batch-records", batchRecords, 1...1_000_000),
            ("--producers", producers, 1...100_000),
        ]
        if let retentionBytes, retentionBytes < 0 { throw ValidationError("--retention-bytes must be 0 or more.") }
        for (name, value, range) in ranges where !range.contains(value) {
            throw ValidationError("\(name) must be \(range.lowerBound) to \(range.upperBound), found \(value).")
        }
        // One append holds 128 MiB at most, and each producer has one in flight.
        if batchRecords * (valueSize + 32) > 128 << 20 {
            throw ValidationError("--batch-records times --value-size is more than an append takes, 128 MiB.")
        }
    }

    func run() async throws {
        let disk = CountingDisk(PosixDisk())
        var configuration = BrokerConfiguration(dataDirectory: dataDir)
        if let segmentBytes { configuration.segmentBytes = segmentBytes }
        // What is acknowledged stays, and a full disk is the disk's.
        configuration.diskLimit = .none
        let logger = LogLevel.warning.logger
        configuration.onEvent = { logger.log($0) }
        let broker = try await BenchFigures.reporting {
            try await Broker.open(configuration, disk: disk, logger: logger)
        }
        do {
            try await BenchFigures.reporting { try await makeTopic(broker) }
        } catch {
            await broker.close()
            throw error
        }
        let plan = BenchPlan(
            records: records, producers: producers, batchRecords: batchRecords, partitions: Int(partitions))
        let run = BenchRun(
            broker: broker, topic: topic, plan: plan, values: BenchValues(seed: seed, plan: plan, valueSize: valueSize),
            printsAcks: printAcks, commitGroup: commitGroup)
        let before = disk.syncCalls
        var (figures, error) = await run.run()
        figures.syncCalls = disk.syncCalls - before
        figures.valueBytes = figures.records * valueSize
        await broker.close()
        Console.data(line: figures.json.encoded)
        if let error { throw BenchFigures.verdict(on: error) ?? error }
    }

    private func makeTopic(_ broker: Broker) async throws {
        do throws(BrokerError) {
            var keeping = TopicKeeping()
            keeping.retention.age = nil
            keeping.retention.bytes = retentionBytes.map(Int64.init)
            // As large as an append may be.
            var messages = TopicMessages()
            messages.maxBytes = 128 << 20
            try await broker.admin.createTopic(
                topic,
                TopicConfiguration(
                    partitionCount: partitions,
                    durability: durability == .buffered ? .buffered(syncEvery: .seconds(1)) : .synced, keeping: keeping,
                    messages: messages))
        } catch {
            guard error.code == .topicExists else { throw error }
            let count = try broker.admin.describe(topic).partitions.count
            guard count == Int(partitions) else {
                throw Failure(
                    .unusableData,
                    "Topic \(topic) has \(count) partitions, not \(partitions). Name another topic, or --partitions \(count)."
                )
            }
        }
    }
}
