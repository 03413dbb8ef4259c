import ArgumentParser
import KafkaClient
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("kafka-console-consumer and kafka-console-producer") struct KafkaConsoleTests {
    private func reading(_ words: String, topic: [String] = ["--topic", "t"]) throws -> ConsoleReading {
        let line = ["--bootstrap-server", "h:1"] + topic + words.split(separator: " ").map(String.init)
        return try KafkaConsoleConsumer.parse(line).request
    }

    private func writing(_ words: String) throws -> ConsoleWriting {
        let line = ["--broker-list", "h:1", "--topic", "t"] + words.split(separator: " ").map(String.init)
        return try KafkaConsoleProducer.parse(line).request
    }

    @Test(
        "begin where Kafka's consumer begins",
        arguments: [
            ("", ConsumeStart.latest), ("--from-beginning", .earliest),
            ("--partition 0 --offset 42", .offset(Offset(42))),
            ("--partition 0 --offset earliest", .earliest),
            ("--consumer-property auto.offset.reset=earliest", .earliest),
        ])
    func starts(_ words: String, _ start: ConsumeStart) throws { #expect(try reading(words).start == start) }

    @Test("stop, join a group and isolate as they are told")
    func others() throws {
        let request = try reading(
            "--max-messages 5 --timeout-ms 1500 --group g --isolation-level read_committed --consumer-property client.id=c"
        )
        #expect(request.max == 5 && request.patience == .milliseconds(1500) && request.group == "g")
        #expect(request.isCommittedOnly && request.client == ClientProperties([.init("client.id", "c")]))
        #expect(try reading("--consumer-property group.id=h").group == "h")
    }

    @Test("read one topic, or those that match")
    func topics() throws {
        #expect(try reading("").topics == .one("t"))
        let pattern = try #require(TopicPattern(argument: "erp\\..*,mes"))
        #expect(try reading("--include erp\\..*,mes", topic: []).topics == .matching(pattern))
        #expect(try pattern.subscription == "^(erp\\..*|mes)$")
        for (words, topic) in [("--include x", ["--topic", "t"]), ("", []), ("--include x --partition 0", [])] {
            #expect(throws: ValidationError.self) { try reading(words, topic: topic) }
        }
        for text in ["a\\d", "(?i)a", "\\w+"] {
            let other = try #require(TopicPattern(argument: text))
            #expect(throws: ValidationError.self, "\(text)") { try other.subscription }
        }
    }

    @Test("have no group without a name", arguments: ["--group=", "--consumer-property group.id="])
    func emptyGroup(_ words: String) { #expect(throws: (any Error).self) { try reading(words) } }

    @Test("print what properties ask for")
    func layout() throws {
        let all = ["timestamp", "partition", "offset", "headers", "key"].map { "--property print.\($0)=true" }
        var expected = ConsoleLayout()
        expected.printsTimestamp = true
        expected.printsPartition = true
        expected.printsOffset = true
        expected.printsHeaders = true
        expected.printsKey = true
        expected.printsValue = false
        expected.keySeparator = Array("|".utf8)
        let words = all.joined(separator: " ") + " --formatter-property print.value=false --property=key.separator=|"
        #expect(try reading(words).layout == expected)
    }

    @Test("send lines with keys, and as properties say")
    func writes() throws {
        #expect(
            try writing("")
                == ConsoleWriting(topic: "t", format: LineFormat(endings: .any), client: ClientProperties()))
        #expect(try writing("--property parse.key=true").format.keySeparator == [0x09])
        #expect(
            try writing("--property key.separator=: --reader-property parse.key=true").format.keySeparator == [0x3A])
        #expect(
            try writing("--compression-codec zstd --timeout 5 --producer-property client.id=c --sync").client
                == ClientProperties([
                    .init("compression.type", "zstd"), .init("linger.ms", "5"), .init("client.id", "c"),
                ]))
        #expect(
            try writing("--request-required-acks 1").client
                == ClientProperties([.init("acks", "1")]))
        #expect(try writing("--request-required-acks -1").client == ClientProperties([.init("acks", "-1")]))
    }

    @Test(
        "refuse what they cannot do",
        arguments: [
            ("--offset 5", "add --partition"),
            ("--partition 0 --offset 1 --from-beginning", "not both"),
            ("--partition 0 --group g", "leave out --partition"),
            ("--max-messages 0", "1 or more"), ("--property print.colour=true", "no property print.colour"),
            ("--property print.key=maybe", "true or false"),
            (
                "--property value.deserializer=org.apache.kafka.common.serialization.LongDeserializer",
                "only be of strings"
            ),
        ])
    func refuses(_ words: String, _ complaint: String) {
        let error = #expect(throws: ValidationError.self) { try reading(words) }
        #expect(error?.message.contains(complaint) == true)
    }

    @Test("refuse a memory of nothing")
    func refusesMemory() {
        let error = #expect(throws: ValidationError.self) { try writing("--max-memory-bytes 0") }
        #expect(error?.message.contains("1 or more") == true)
    }

    @Test("refuse what lines are not read by", arguments: ["parse.colour=true", "parse.key=1", "key.separator="])
    func refusesReading(_ property: String) {
        #expect(throws: ValidationError.self) { try writing("--property \(property)") }
    }

    @Test("begin at no other place, and say which there are", arguments: ["-5", "stored", "2026-11-22T06:00:00Z", "x"])
    func noPlace(_ offset: String) {
        let line = ["--bootstrap-server", "h:1", "--topic", "t", "--partition", "0", "--offset", offset]
        let error = #expect(throws: (any Error).self) { try KafkaConsoleConsumer.parse(line) }
        let message = error.map { KafkaConsoleConsumer.message(for: $0) }
        #expect(message?.contains("it is earliest, latest, or an offset.") == true, "\(message ?? "")")
    }

    @Test("wait for records until none has come for too long")
    func silence() {
        let start = ContinuousClock.now
        let record = ReadEvent.record(
            TopicPartition(topic: "t", partition: 0), StoredRecord(offset: .zero, record: Record(key: nil, value: nil)))
        let end = ReadEvent.end(TopicPartition(topic: "t", partition: 0), .zero)
        var silence = Silence(patience: .seconds(5), from: start)
        var patient = Silence(patience: nil, from: start)
        let events: [(Int, [ReadEvent])] = [(4, [end]), (6, [record]), (10, []), (11, [end])]
        let isOver = events.map { silence.isOver(after: $1, at: start + .seconds($0)) }
        #expect(isOver == [false, false, false, true])
        let isEverOver = patient.isOver(after: [], at: start + .seconds(1_000_000))
        #expect(!isEverOver)
    }
}
