import EdgeBroker
import Foundation
import Logging
import RecordFormat
import Testing

@Suite("The command line on groups") struct CommandLineGroupTests {
    @Test("lists, describes, moves and deletes groups, and leaves alone those that have members")
    func groups() async throws {
        try await withCommandLine { binary, folder in
            let log = folder + "/log"
            let broker = try await Broker.open(
                BrokerConfiguration(dataDirectory: log), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            try await broker.admin.createTopic("orders")
            let partition = TopicPartition(topic: "orders", partition: 0)
            let record = Record(key: nil, value: [1], headers: [], timestamp: Timestamp(millisecondsSince1970: 1))
            try await broker.append([record, record, record], to: partition)
            try await broker.commitOffsets(group: "mes", [partition: CommittedOffset(Offset(1), metadata: "half")])
            let joined = try await withCheckedContinuation { continuation in
                broker.groups.join(
                    JoinRequest(
                        group: "busy", clientID: "c", clientHost: "h", sessionTimeout: .seconds(1800),
                        rebalanceTimeout: .seconds(60), protocolType: "consumer",
                        protocols: [GroupProtocol("range", [])])
                ) { continuation.resume(returning: $0) }
            }.get()
            _ = await withCheckedContinuation { continuation in
                broker.groups.sync(
                    SyncRequest(
                        group: "busy", membership: Membership(memberID: joined.memberID, generation: joined.generation))
                ) { continuation.resume(returning: $0) }
            }
            await broker.close()
            func run(_ arguments: String...) async throws -> CommandLineBinary.Outcome {
                try await binary.run(["group"] + arguments + ["--data-dir", log], in: folder)
            }
            let listed = try await run("list")
            #expect(
                listed.lines.map { $0.split(separator: " ").joined(separator: " ") } == [
                    "GROUP STATE MEMBERS ASSIGNOR LAG", "busy Stable 1 range -", "mes Empty 0 - 2",
                ])
            let described = try await run("describe", "mes", "-o", "json")
            let partitions = try #require(described.objects.first?["partitions"] as? [[String: Any]])
            #expect(
                partitions.count == 1 && partitions[0]["lag"] as? Int == 2 && partitions[0]["note"] as? String == "half"
            )
            let preview = try await run(
                "seek", "mes", "--topic", "orders", "--to", "earliest", "--dry-run", "-o", "ndjson")
            #expect(preview.objects.first?["from"] as? Int == 1 && preview.objects.first?["to"] as? Int == 0)
            let moved = try await run("seek", "mes", "--topic", "orders", "--to", "latest", "-o", "ndjson")
            #expect(
                moved.status == 0 && moved.objects.first?["from"] as? Int == 1
                    && moved.objects.first?["to"] as? Int == 3)
            #expect(try await run("seek", "mes", "--topic", "orders", "--to", "4").status == 66)
            let refused = try await run("seek", "busy", "--topic", "orders", "--to", "latest")
            #expect(refused.status == 75 && refused.talk.contains("has members") && refused.talk.contains("--evict"))
            let kept = try await run("delete", "busy")
            #expect(kept.status == 75 && kept.talk.contains("--evict"))
            #expect(try await run("seek", "busy", "--topic", "orders", "--to", "latest", "--evict").status == 0)
            #expect(try await run("describe", "busy").lines.first == "busy, classic, Empty, generation 2")
            #expect(try await run("delete", "busy").status == 0)
            #expect(try await run("delete", "busy").status == 66)
            #expect(try await run("describe", "none").status == 66)
        }
    }
}
