import ArgumentParser
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("kafka-get-offsets") struct KafkaGetOffsetsTests {
    @Test(
        "asks for an end or a time",
        arguments: [
            ("-1", OffsetTime.latest), ("latest", .latest), ("-2", .earliest), ("earliest", .earliest),
            ("-3", .newest), ("max-timestamp", .newest), ("5", .time(Timestamp(millisecondsSince1970: 5))),
        ])
    func times(_ text: String, _ time: OffsetTime) throws {
        let command = try KafkaGetOffsets.parse(["--bootstrap-server", "h:1", "--topic", "a,b", "--time", text])
        #expect(command.time == time && command.topic == TopicPattern(argument: "a,b"))
    }

    @Test(
        "knows no other time, and says why",
        arguments: [
            ("-4", "no tiered storage"), ("latest-tiered", "no tiered storage"), ("now", "it is"), ("", "it is"),
        ])
    func refuses(_ text: String, _ why: String) {
        let error = #expect(throws: ValidationError.self) { try OffsetTime.of(text) }
        #expect(error?.message.contains(why) == true)
    }

    @Test("chooses partitions")
    func partitions() {
        #expect(PartitionNumbers(argument: "0,2")?.numbers == [0, 2])
        for text in ["", "0,", "-1", "a"] { #expect(PartitionNumbers(argument: text) == nil) }
    }

    @Test(
        "chooses partitions by patterns",
        arguments: [
            ("a", "a:0 a:1 a:2 a:3"), ("a:1", "a:1"), ("a:1-3", "a:1 a:2"), ("a:2-", "a:2 a:3"), ("a:-2", "a:0 a:1"),
            (":0", "a:0 ab:0"), ("a:", "a:0 a:1 a:2 a:3"), ("ab?:3-,ab:0", "a:3 ab:0"), ("none", ""), ("a:2-2", ""),
        ])
    func patterns(_ text: String, _ expected: String) throws {
        let all =
            (0..<4).map { TopicPartition(topic: "a", partition: $0) } + [TopicPartition(topic: "ab", partition: 0)]
        let found = try #require(PartitionPatterns(argument: text)).matching(all)
        #expect(found.map { "\($0.topic):\($0.partition)" }.joined(separator: " ") == expected)
    }

    @Test(
        "refuses what is no pattern",
        arguments: ["(", "a:x", "a:1-2-3", "a:3-1", "a:1:2", "a:99999999999", "a:2147483647"])
    func noPattern(_ text: String) { #expect(PartitionPatterns(argument: text) == nil) }
}
