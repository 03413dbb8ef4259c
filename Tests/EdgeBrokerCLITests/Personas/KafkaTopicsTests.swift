import ArgumentParser
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("kafka-topics") struct KafkaTopicsTests {
    private static func pattern(_ text: String) -> TopicPattern? { TopicPattern(argument: text) }

    private func request(_ words: String) throws -> TopicsRequest {
        try KafkaTopics.parse(["--bootstrap-server", "h:1"] + words.split(separator: " ").map(String.init)).request
    }

    @Test(
        "takes the usual options",
        arguments: [
            (
                "--create --topic t --partitions 3 --replication-factor 1 --config a=1 --config b=x=y",
                .create(
                    "t", partitions: 3, replicas: 1,
                    settings: [SettingArgument(argument: "a=1"), SettingArgument(argument: "b=x=y")].compactMap { $0 },
                    onlyIfAbsent: false)
            ),
            (
                "--create --if-not-exists --topic t",
                .create("t", partitions: nil, replicas: nil, settings: [], onlyIfAbsent: true)
            ),
            ("--list", .list(nil, withInternal: true)),
            ("--list --exclude-internal --topic a.*", .list(pattern("a.*"), withInternal: false)),
            ("--describe", .describe(nil, withInternal: true, .all, onlyIfThere: false)),
            ("--describe --if-exists", .describe(nil, withInternal: true, .all, onlyIfThere: true)),
            ("--describe --topics-with-overrides", .describe(nil, withInternal: true, .overridden, onlyIfThere: false)),
            (
                "--describe --under-replicated-partitions",
                .describe(nil, withInternal: true, .underReplicated, onlyIfThere: false)
            ),
            (
                "--describe --under-min-isr-partitions",
                .describe(nil, withInternal: true, .underMinimum, onlyIfThere: false)
            ),
            (
                "--describe --at-min-isr-partitions",
                .describe(nil, withInternal: true, .atMinimum, onlyIfThere: false)
            ),
            (
                "--describe --unavailable-partitions",
                .describe(nil, withInternal: true, .unavailable, onlyIfThere: false)
            ),
        ] as [(String, TopicsRequest)])
    func translates(_ words: String, _ expected: TopicsRequest) throws { #expect(try request(words) == expected) }

    @Test("deletes and alters what a pattern names")
    func patterns() throws {
        let pattern = try #require(Self.pattern("t,u"))
        #expect(try request("--delete --topic t,u --if-exists") == .delete(pattern, onlyIfThere: true))
        #expect(
            try request("--alter --topic t,u --partitions 5") == .alter(pattern, partitions: 5, onlyIfThere: false))
    }

    @Test(
        "refuses what does not go together",
        arguments: [
            ("", "Give one of"), ("--create --list --topic t", "Give one of"), ("--create", "--topic is missing"),
            ("--delete", "--topic is missing"), ("--alter --topic t", "needs --partitions"),
            ("--create --topic t --partitions 0", "1 or more"),
            ("--alter --topic t --config a=b", "--config goes with"),
            ("--describe --topic (", "no regular expression"),
            ("--describe --topics-with-overrides --unavailable-partitions", "Give one of"),
        ])
    func refuses(_ words: String, _ complaint: String) {
        let error = #expect(throws: ValidationError.self) { try request(words) }
        #expect(error?.message.contains(complaint) == true)
    }

    @Test("takes a pattern for the whole name")
    func matches() throws {
        let names = ["erp", "erp.items", "erp.orders", "mes"]
        func found(_ text: String) throws -> [String] {
            try #require(Self.pattern(text)).matching(names, name: \.self)
        }
        #expect(try found("erp") == ["erp"])
        #expect(try found("erp\\..*") == ["erp.items", "erp.orders"])
        #expect(try found("mes, erp") == ["erp", "mes"])
    }

    @Test("describes a topic as Kafka's tool does")
    func describes() {
        let servers = PartitionReplicas(leader: 1, all: [1, 2], inSync: [1])
        let topic = TopicView(
            name: "t", id: "ID",
            partitions: [
                PartitionView(index: 0, logStart: .zero, highWatermark: .zero, replicas: servers),
                PartitionView(
                    index: 1, logStart: .zero, highWatermark: .zero,
                    replicas: PartitionReplicas(leader: nil, all: [2, 1], inSync: [2, 1])),
            ],
            settings: [
                SettingView(key: "a", value: "1", isDefault: false, isFixed: false),
                SettingView(key: "b", value: "2", isDefault: true, isFixed: false),
                SettingView(key: "c", value: "3", isDefault: false, isFixed: false),
            ])
        let heading = "Topic: t\tTopicId: ID\tPartitionCount: 2\tReplicationFactor: 2\tConfigs: a=1,c=3"
        let lines = [
            "\tTopic: t\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1",
            "\tTopic: t\tPartition: 1\tLeader: none\tReplicas: 2,1\tIsr: 2,1",
        ]
        #expect(TopicsText.lines(topic, .all) == [heading] + lines)
        #expect(TopicsText.lines(topic, .overridden) == [heading])
        #expect(TopicsText.lines(topic, .underReplicated) == [lines[0]])
        #expect(TopicsText.lines(topic, .unavailable) == [lines[1]])
        #expect(TopicsText.lines(topic, .atMinimum) == [lines[0]] && TopicsText.lines(topic, .underMinimum).isEmpty)
        var strict = topic
        strict.settings.append(SettingView(key: "min.insync.replicas", value: "2", isDefault: true, isFixed: false))
        #expect(
            TopicsText.lines(strict, .atMinimum) == [lines[1]] && TopicsText.lines(strict, .underMinimum) == [lines[0]])
    }
}
