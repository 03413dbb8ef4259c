import ArgumentParser
import EdgeBroker
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("kafka-consumer-groups") struct KafkaConsumerGroupsTests {
    private static let now = Timestamp(millisecondsSince1970: 10_000_000)

    private func request(_ words: String) throws -> GroupsRequest {
        let line = ["--bootstrap-server", "h:1"] + words.split(separator: " ").map(String.init)
        return try KafkaConsumerGroups.parse(line).request(now: Self.now)
    }

    @Test(
        "takes the usual options",
        arguments: [
            ("--list", GroupsRequest.list(states: nil)), ("--list --state", .list(states: try? GroupStates(nil))),
            ("--list --state stable,EMPTY", .list(states: try? GroupStates("Empty,Stable"))),
            ("--describe --group g", .describe(.some(["g"]), .offsets)),
            ("--describe --all-groups --members --verbose", .describe(.all, .members(withPartitions: true))),
            ("--describe --group g --group h --state", .describe(.some(["g", "h"]), .state)),
            ("--delete --group g --timeout 5000", .delete(.some(["g"]))),
            (
                "--delete-offsets --group g --topic t:0,2",
                .deleteOffsets("g", ["t:0,2"].compactMap { TopicSelection(argument: $0) })
            ),
            (
                "--reset-offsets --group g --from-file f.csv --execute",
                .resetAsPlanned(.some(["g"]), file: "f.csv", .execute)
            ),
            ("--reset-offsets --all-groups --from-file f.csv", .resetAsPlanned(.all, file: "f.csv", .dryRun)),
        ])
    func translates(_ words: String, _ expected: GroupsRequest) throws { #expect(try request(words) == expected) }

    @Test(
        "moves a group to where it is told",
        arguments: [
            ("--to-earliest", GroupTarget.reset(.earliest)), ("--to-latest", .reset(.latest)),
            ("--to-current", .current),
            ("--shift-by -7", .reset(.shift(-7))), ("--to-offset 5", .reset(.offset(Offset(5)))),
            ("--to-datetime 1970-01-01T00:00:01.500", .reset(.time(Timestamp(millisecondsSince1970: 1500)))),
            ("--to-datetime 1970-01-01T01:00:01+01:00", .reset(.time(Timestamp(millisecondsSince1970: 1000)))),
            ("--by-duration PT1H", .reset(.time(Timestamp(millisecondsSince1970: 6_400_000)))),
            ("--by-duration P900000D", .reset(.time(Timestamp(millisecondsSince1970: 0)))),
        ])
    func resets(_ words: String, _ reset: GroupTarget) throws {
        let topics = GroupTopics.some(["t", "u:0,2"].compactMap { TopicSelection(argument: $0) })
        let command = "--reset-offsets --group g --topic t --topic u:0,2 \(words)"
        #expect(try request(command) == .reset(.some(["g"]), topics, to: reset, .dryRun))
        #expect(try request(command + " --execute") == .reset(.some(["g"]), topics, to: reset, .execute))
    }

    @Test("knows the topics for which a group has committed")
    func committed() throws {
        #expect(
            try request("--reset-offsets --all-groups --all-topics --to-latest --export")
                == .reset(.all, .committed, to: .reset(.latest), .export))
        #expect(
            try request("--reset-offsets --all-groups --all-topics --to-latest --export --dry-run")
                == .reset(.all, .committed, to: .reset(.latest), .export))
    }

    @Test(
        "refuses what does not go together",
        arguments: [
            ("--list --state tired", "no state tired"), ("--describe --group g --state stable", "stands alone"),
            ("--list stable", "stands alone"), ("--delete-offsets --group g", "needs one --group"),
            ("--delete-offsets --group g --group h --topic t", "needs one --group"),
            ("--delete-offsets --all-groups --topic t", "needs one --group"),
            ("--delete-offsets --group g --topic t --dry-run", "go with --reset-offsets"),
            ("--delete --group g --dry-run", "go with --reset-offsets"),
            ("--describe --group g --to-latest", "go with --reset-offsets"),
            ("--delete --group g --topic t", "give --delete-offsets"),
            ("--reset-offsets --group g --topic t --from-file f", "leave out --topic"),
            ("--reset-offsets --group g --to-latest --from-file f", "Give one of"),
            ("--list --members", "go with --describe"), ("", "Give one of"), ("--list --delete", "Give one of"),
            ("--describe", "Give --group or --all-groups"),
            ("--describe --group g --all-groups", "Give --group or --all-groups"),
            ("--describe --group g --members --state", "Give one of"),
            ("--reset-offsets --group g --to-latest", "Give --topic or --all-topics"),
            ("--reset-offsets --group g --topic t", "--to-earliest"),
            ("--reset-offsets --group g --topic t --to-latest --to-offset 1", "--to-earliest"),
            ("--reset-offsets --group g --topic t --to-latest --dry-run --execute", "Give one of"),
            ("--reset-offsets --group g --topic t --to-datetime yesterday", "--to-datetime takes"),
        ])
    func refuses(_ words: String, _ complaint: String) {
        let error = #expect(throws: ValidationError.self) { try request(words) }
        #expect(error?.message.contains(complaint) == true)
    }

    @Test(
        "reads durations",
        arguments: [
            ("PT0S", 0), ("P1D", 86_400_000), ("P1DT2H3M4.05S", 93_784_050), ("PT90M", 5_400_000), ("", nil),
            ("P", nil),
            ("PT", nil), ("P1DT", nil), ("1H", nil), ("P1H", nil), ("PT-1S", nil),
        ] as [(String, Int64?)])
    func durations(_ text: String, _ milliseconds: Int64?) {
        #expect(ISODuration(argument: text)?.milliseconds == milliseconds)
    }

    private let partition = TopicPartition(topic: "telemetry", partition: 1)

    private var group: GroupView {
        GroupView(
            name: "mes", state: "Stable", assignor: "range",
            members: [
                GroupView.Member(
                    memberID: "loader-0123456789", instanceID: nil, clientID: "loader", host: "/127.0.0.1",
                    partitions: [TopicPartition(topic: "telemetry", partition: 0), partition])
            ], coordinator: "127.0.0.1:9092 (1)")
    }

    @Test("describes a group as Kafka's tool does")
    func describes() {
        let lags = [
            GroupLag(
                partition: partition, committed: CommittedOffset(Offset(5), metadata: ""), highWatermark: Offset(9),
                memberID: "loader-0123456789"),
            GroupLag(
                partition: TopicPartition(topic: "u", partition: 0), committed: nil, highWatermark: nil, memberID: nil),
        ]
        #expect(
            GroupsText.offsets(group, lags) == [
                "",
                "GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID       HOST            CLIENT-ID",
                "mes             telemetry       1          5               9               4               loader-0123456789 /127.0.0.1      loader",
                "mes             u               0          -               -               -               -                 -               -",
            ])
        #expect(
            GroupsText.members(group, withPartitions: true) == [
                "", "GROUP           CONSUMER-ID       HOST            CLIENT-ID       #PARTITIONS     ASSIGNMENT",
                "mes             loader-0123456789 /127.0.0.1      loader          2               telemetry(0,1)",
            ])
        #expect(
            GroupsText.state(group) == [
                "",
                "GROUP                     COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE           #MEMBERS",
                "mes                       127.0.0.1:9092 (1)        range                Stable          1",
            ])
        #expect(GroupsText.offsets(group, []).isEmpty)
    }

    @Test("tells the instances of static members")
    func instances() {
        let member = GroupView.Member(memberID: "m", instanceID: "press-7", clientID: "c", host: "/h", partitions: [])
        let group = GroupView(name: "g", state: "Stable", assignor: "range", members: [member])
        #expect(
            GroupsText.members(group, withPartitions: false) == [
                "",
                "GROUP           CONSUMER-ID     GROUP-INSTANCE-ID HOST            CLIENT-ID       #PARTITIONS     ",
                "g               m               press-7           /h              c               0               ",
            ])
    }

    @Test("shows where a group goes on as Kafka's tool does")
    func moves() {
        let move = OffsetMove(partition: partition, from: nil, to: Offset(3))
        #expect(
            GroupsText.moves([("mes", move)]) == [
                "", "GROUP                          TOPIC                          PARTITION  NEW-OFFSET     ",
                "mes                            telemetry                      1          3              ",
            ])
        #expect(GroupsText.export([("mes", move)], of: .some(["mes"])) == ["telemetry,1,3"])
        #expect(
            GroupsText.export([("a,1", move), ("b", move)], of: .all) == [#""a,1",telemetry,1,3"#, "b,telemetry,1,3"])
        #expect(GroupsText.export([("a", move)], of: .some(["a", "b"])) == ["a,telemetry,1,3"])
    }

    @Test("shows what was forgotten, and what was not, as Kafka's tool does")
    func deletions() {
        #expect(
            GroupsText.deletions([(partition, nil), (TopicPartition(topic: "u", partition: 0), "It is read.")]) == [
                "", "TOPIC           PARTITION  STATUS            ", "telemetry       1          Successful        ",
                "u               0          Error: It is read.",
            ])
    }

    @Test("lists groups in the states that are wanted")
    func states() throws {
        let some = try GroupStates("empty, Dead")
        #expect(some.contains("Empty") && some.contains("Dead") && !some.contains("Stable") && !some.contains(nil))
        let all = try GroupStates(nil)
        #expect(all.contains("Stable") && all.contains(nil))
    }
}
