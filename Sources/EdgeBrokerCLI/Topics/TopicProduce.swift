import ArgumentParser
import RecordFormat

struct TopicProduce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "produce", abstract: "Append a record for each line of standard input.",
        discussion: """
            Lines are appended as they come, many to a sync, and in their order. A key chooses the partition that Kafka's own producer
            would choose. Without -K records have no key.

            Ends with a line on standard error that says how many were appended: these survive whatever comes. The first line that
            cannot be appended ends it, with a status other than 0. To a server lines are sent without waiting for one another, each once
            and in order; when one is refused, some behind it may have been appended: the line on standard error says how many.

            EXAMPLES:
              edgebroker topic produce telemetry --data-dir DIR < lines.txt
              echo 'press-7:{"temperature":81}' | edgebroker topic produce telemetry -K : --data-dir DIR
              edgebroker topic produce telemetry -b localhost:9092 -X compression.type=zstd < lines.txt
            """)

    @Argument(help: "The topic's name.")
    var name: String

    @Option(
        name: [.customShort("K"), .customLong("key-separator")],
        help: ArgumentHelp("What stands between key and value; the first one in a line counts.", valueName: "sep"))
    var separator: String?

    @Option(name: [.customShort("p"), .long], help: "Append to this partition.")
    var partition: Int32?

    @OptionGroup var place: LogPlaceOptions

    func validate() throws {
        if separator == "" { throw ValidationError("-K needs at least one character.") }
    }

    func run() async throws {
        let command = self
        try await cancelledByInterrupt { try await command.place.withPlace { try await command.produce($0) } }
    }

    private func produce(_ place: any LogPlace) async throws {
        let topic = try await place.topic(name)
        if let partition { _ = try topic.partition(partition) }
        let appender = try await place.appender(to: topic)
        var producer = LineProducer(
            appender, partitionCount: topic.partitions.count, partition: partition,
            separator: separator.map { Array($0.utf8) })
        do {
            try await append(to: &producer)
        } catch let error as CancellationError {
            // What was read is on its way.
            try await appender.finish()
            tell(appender)
            throw error
        }
        try await appender.finish()
        tell(appender)
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
                try await producer.appender.finish()
                throw Failure(
                    .unusableData,
                    "Line \(producer.taken + 1) is longer than \(LineSplitter.longest) bytes. The \(producer.taken) lines before it were appended."
                )
            }
            try await producer.append(
                lines, at: Timestamp(millisecondsSince1970: WallTime.now))
            if isAtEnd { return }
            let appended = producer.appender.appended
            progress.tell { "\(appended) records appended" }
        }
    }

    private func tell(_ appender: any RecordAppender) {
        let count = appender.appended
        Console.talk("Appended \(count) \(count == 1 ? "record" : "records") to topic \(name).")
    }
}
