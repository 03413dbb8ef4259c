import ArgumentParser
import EdgeBroker
import LogStore

struct BenchWrite: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Append records as fast as they are acknowledged.",
        discussion: """
            Every producer has one append of --batch-records in flight; every acknowledgement is synced. The last line on
            standard output is one JSON object: records, seconds, records_per_second, mb_per_second (10^6 bytes of values),
            cpu_seconds, sync_calls, p50_us and p99_us of an append; after a storage error with "error". With --print-acks a
            line `ACK topic partition offset crc` follows every acknowledgement; `log verify --acks` reads them.

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
    @Option(help: "synced: an acknowledgement comes after the disk has the record. buffered is not built yet.")
    var durability: Durability = .synced
    @Option(help: ArgumentHelp("At which a segment is closed.", valueName: "bytes"))
    var segmentBytes: Int?
    @Option(help: ArgumentHelp("Not built yet.", visibility: .hidden))
    var retentionBytes: Int?
    @Option(help: ArgumentHelp("Not built yet.", visibility: .hidden))
    var commitGroup: Int?
    @Option(help: "Values come from it alone.")
    var seed: UInt64 = 1
    @Flag(help: "A line for every acknowledged record.")
    var printAcks = false

    func validate() throws {
        if durability == .buffered { throw ValidationError("--durability buffered is not built yet; synced is.") }
        if retentionBytes != nil { throw ValidationError("--retention-bytes is not built yet; everything is kept.") }
        if commitGroup != nil {
            throw ValidationError("--commit-group is not built yet; every round takes all who wait.")
        }
        let ranges: [(String, Int, ClosedRange<Int>)] = [
            ("--partitions", Int(partitions), 1...10_000), ("--records", records, 1...Int(Int32.max) * 1000),
            ("--value-size", valueSize, 0...(64 << 20)), ("--batch-records", batchRecords, 1...1_000_000),
            ("--producers", producers, 1...100_000),
        ]
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
        let broker = try await reporting {
            try await Broker.open(configuration, disk: disk, logger: LogLevel.warning.logger)
        }
        do {
            try await reporting { try await makeTopic(broker) }
        } catch {
            await broker.close()
            throw error
        }
        let plan = BenchPlan(
            records: records, producers: producers, batchRecords: batchRecords, partitions: Int(partitions))
        let run = BenchRun(
            broker: broker, topic: topic, plan: plan, values: BenchValues(seed: seed, plan: plan, valueSize: valueSize),
            printsAcks: printAcks)
        let before = disk.syncCalls
        var (figures, error) = await run.run()
        figures.syncCalls = disk.syncCalls - before
        figures.valueBytes = figures.records * valueSize
        await broker.close()
        Console.data(line: figures.json.encoded)
        if let error { throw error }
    }

    /// Scripts read the last line, so there is one as well when the disk fails before the first append.
    private func reporting<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let error as BrokerError {
            if error.code == .storage || error.code == .noSpace {
                var figures = BenchFigures()
                figures.error = error.message
                Console.data(line: figures.json.encoded)
            }
            throw error
        }
    }

    private func makeTopic(_ broker: Broker) async throws {
        do throws(BrokerError) {
            try await broker.admin.createTopic(topic, TopicConfiguration(partitionCount: partitions))
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
