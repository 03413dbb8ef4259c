import ArgumentParser
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("kafka-get-offsets") struct KafkaGetOffsetsTests {
    @Test(
        "asks for an end or a time",
        arguments: [
            ("-1", OffsetTime.latest), ("latest", .latest), ("-2", .earliest), ("earliest", .earliest),
            ("5", .time(Timestamp(millisecondsSince1970: 5))),
        ])
    func times(_ text: String, _ time: OffsetTime) throws {
        let command = try KafkaGetOffsets.parse(["--bootstrap-server", "h:1", "--topic", "a,b", "--time", text])
        #expect(command.time == time && command.topic == TopicPattern(argument: "a,b"))
    }

    @Test("knows no other time", arguments: ["-3", "max-timestamp", "now", ""])
    func refuses(_ text: String) { #expect(OffsetTime(argument: text) == nil) }

    @Test("chooses partitions")
    func partitions() {
        #expect(PartitionNumbers(argument: "0,2")?.numbers == [0, 2])
        for text in ["", "0,", "-1", "a"] { #expect(PartitionNumbers(argument: text) == nil) }
    }
}
