import ArgumentParser
import EdgeBroker
import RecordFormat

struct TopicProduce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Append a record for each line of standard input.",
        discussion: """
            Lines are appended as they come, many to a sync, and in their order. A key chooses the partition that Kafka's own producer
            would choose. Without -K records have no key.

            Ends with a line on standard error that says how many were appended: these survive whatever comes. The first line that
            cannot be appended ends it, with a status other than 0.

            EXAMPLES:
              edgebroker topic produce telemetry --data-dir DIR < lines.txt
              echo 'press-7:{"temperature":81}' | edgebroker topic produce telemetry -K : --data-dir DIR
            """)

    @Argument(help: "The topic's name.")
    var name: String

    @Option(
        name: [.customShort("K"), .customLong("key-separator")],
        help: ArgumentHelp("What stands between key and value; the first one in a line counts.", valueName: "sep"))
    var separator: String?

    @Option(help: "Append to this partition.")
    var partition: Int32?

    @OptionGroup var data: DataDirectoryOptions

    func validate() throws {
        if separator == "" { throw ValidationError("-K needs at least one character.") }
    }

    func run() async throws {
        let command = self
        try await cancelledByInterrupt { try await command.data.withBroker { try await command.produce($0) } }
    }

    private func produce(_ broker: Broker) async throws {
        let topic = try broker.admin.describe(name)
        if let partition, !topic.partitions.contains(where: { $0.index == partition }) {
            throw Failure(
                .notFound, "Topic \(name) has no partition \(partition), only 0 to \(topic.partitions.count - 1).")
        }
        var producer = LineProducer(
            broker, topic, partition: partition, separator: separator.map { Array($0.utf8) })
        do {
            try await append(to: &producer)
        } catch {
            if error is CancellationError { tell(producer) }
            throw error
        }
        tell(producer)
    }

    private func append(to producer: inout LineProducer) async throws {
        let input = try StandardInput()
        let progress = ProgressLine()
        var splitter = LineSplitter()
        while true {
            let bytes = try await input.next()
            let isAtEnd = bytes.isEmpty
            let complete = isAtEnd ? splitter.finish().map { [$0] } ?? [] : splitter.add(bytes)
            guard let lines = complete else {
                throw Failure(
                    .unusableData,
                    "Line \(producer.appended + 1) is longer than \(LineSplitter.longest) bytes. The \(producer.appended) lines before it were appended."
                )
            }
            try await producer.append(
                lines, at: Timestamp(millisecondsSince1970: WallTime.now))
            if isAtEnd { return }
            let appended = producer.appended
            progress.tell { "\(appended) records appended" }
        }
    }

    private func tell(_ producer: LineProducer) {
        Console.talk(
            "Appended \(producer.appended) \(producer.appended == 1 ? "record" : "records") to topic \(name).")
    }
}
