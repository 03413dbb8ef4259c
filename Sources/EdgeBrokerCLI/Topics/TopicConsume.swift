import ArgumentParser
import EdgeBroker
import RecordFormat
import Synchronization

struct TopicConsume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consume", abstract: "Read a topic's records.",
        discussion: """
            Prints a value a line, or with -o ndjson an object a line: topic, partition, offset, timestamp (ms since 1970),
            headers, key, value; bytes that are not UTF-8 stand as base64 under key_b64 and value_b64.

            Damaged offsets are named on standard error, reading goes on behind them, and the exit status is 2.

            EXAMPLES:
              edgebroker topic consume erp.items --data-dir DIR --exit-at-end
              edgebroker topic consume erp.items --data-dir DIR --from 2026-11-22T06:00:00Z
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case value, ndjson
    }

    @Argument(help: "The topic's name.")
    var name: String

    @Option(help: "Only this partition.")
    var partition: Int32?

    @Option(
        help: ArgumentHelp("earliest, latest, an offset, or a time such as 2026-11-22T06:00:00Z.", valueName: "where"))
    var from: ConsumeStart = .earliest

    @Option(help: "Stop after this many records.")
    var max: Int?

    @Flag(help: "Stop at the end instead of waiting for more.")
    var exitAtEnd = false

    @Option(name: [.customShort("o"), .customLong("output")], help: "value or ndjson.")
    var format: Format = .value

    @OptionGroup var data: DataDirectoryOptions

    func validate() throws {
        if let max, max < 1 { throw ValidationError("--max must be 1 or more.") }
    }

    func run() async throws {
        let command = self
        let isDamaged = try await cancelledByInterrupt {
            try await command.data.withBroker { try await command.consume($0) }
        }
        if isDamaged { throw ExitStatus.critical }
    }

    /// - Returns: whether damage was met.
    private func consume(_ broker: Broker) async throws -> Bool {
        let topic = try broker.admin.describe(name)
        var partitions = topic.partitions
        if let partition {
            partitions = partitions.filter { $0.index == partition }
            if partitions.isEmpty {
                throw Failure(
                    .notFound, "Topic \(name) has no partition \(partition), only 0 to \(topic.partitions.count - 1).")
            }
        }
        if case .offset = from, partitions.count > 1 {
            throw Failure(.usage, "An offset is one partition's, and \(name) has \(partitions.count). Add --partition.")
        }
        let budget = ConsumeBudget(max)
        let consumers = partitions.map {
            PartitionConsumer(
                broker: broker, partition: TopicPartition(topic: name, partition: $0.index), exitsAtEnd: exitAtEnd,
                isJSON: format == .ndjson, budget: budget)
        }
        if exitAtEnd {
            // One after the other, so that the output is the same every time.
            var isDamaged = false
            for (consumer, partition) in zip(consumers, partitions) {
                isDamaged = try await consumer.run(from: from, partition) || isDamaged
            }
            return isDamaged
        }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            for (consumer, partition) in zip(consumers, partitions) {
                group.addTask { [from] in try await consumer.run(from: from, partition) }
            }
            var isDamaged = false
            while let result = try await group.next() {
                isDamaged = result || isDamaged
                // The others may be waiting for records that nobody wants any more.
                if budget.isSpent { group.cancelAll() }
            }
            return isDamaged
        }
    }
}

/// How many records may still be printed, over all partitions.
final class ConsumeBudget: Sendable {
    private let left: Mutex<Int?>

    init(_ max: Int?) { left = Mutex(max) }

    var isSpent: Bool { left.withLock { $0 == 0 } }

    /// - Returns: how many of `count` may be printed; they are taken off.
    func take(_ count: Int) -> Int {
        left.withLock { left in
            guard let limit = left else { return count }
            let granted = min(limit, count)
            left = limit - granted
            return granted
        }
    }
}
