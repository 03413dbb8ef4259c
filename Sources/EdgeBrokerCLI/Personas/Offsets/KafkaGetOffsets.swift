import ArgumentParser
import KafkaClient
import RecordFormat

struct KafkaGetOffsets: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: Persona.getOffsets.rawValue,
        abstract: "Print offsets of partitions, a line topic:partition:offset each.",
        usage: "kafka-get-offsets --bootstrap-server <host:port> [<options>]",
        discussion: """
            EXAMPLES:
              kafka-get-offsets --bootstrap-server localhost:9092 --topic telemetry
              kafka-get-offsets --bootstrap-server localhost:9092 \\
                --topic telemetry --partitions 0,1 --time earliest
              kafka-get-offsets --bootstrap-server localhost:9092 \\
                --topic-partitions 'telemetry:0-3,erp\\..*'
            """, version: Persona.version)

    @Option(help: "A name, a regular expression, or several with commas; all topics without it.")
    var topic: TopicPattern?
    @Option(help: ArgumentHelp("Only these partitions, with commas.", valueName: "numbers"))
    var partitions: PartitionNumbers?
    @Option(
        help: ArgumentHelp(
            "Instead of both: TOPIC, TOPIC:N, TOPIC:FROM-END or :N, several with commas; the end is left out, and the topic is a regular expression.",
            valueName: "patterns"))
    var topicPartitions: PartitionPatterns?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "-1 or latest, -2 or earliest, -3 or max-timestamp (the record with the largest one), or ms since 1970: the first record that is not older. The latest without it.",
            valueName: "time"), transform: OffsetTime.of)
    var time: OffsetTime = .latest
    @Flag(help: "Leave out topics that begin with __.")
    var excludeInternalTopics = false

    @OptionGroup var server: PersonaServer

    func run() async throws {
        if topicPartitions != nil, topic != nil || partitions != nil {
            throw ValidationError("--topic-partitions stands for --topic and --partitions: leave these out.")
        }
        let log = try server.log()
        let all = try await log.ask { try $0.topics() }.filter { !excludeInternalTopics || !$0.name.hasPrefix("__") }
        let topics = try topic?.matching(all, name: \.name) ?? all
        let chosen = topics.flatMap { topic in
            topic.partitions.filter { partitions?.contains($0.index) ?? true }
                .map { TopicPartition(topic: topic.name, partition: $0.index) }
        }
        let names = try topicPartitions?.matching(chosen) ?? chosen
        if names.isEmpty {
            throw Failure(
                .notFound, "No partition of any topic matches. `kafka-topics --describe` tells which there are.")
        }
        let question = time.question
        let offsets = try await log.ask { try $0.offsets(question, in: names) }
        for name in names {
            // Behind the last record no time has an offset; Kafka's tool leaves such a partition out.
            if let offset = offsets[name] { Console.data(line: "\(name.topic):\(name.partition):\(offset)") }
        }
    }
}
