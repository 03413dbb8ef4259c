import CaptureAgent
import EdgeBroker
import LogStore
import PostgresClient
import RecordFormat
import Testing

@Suite("Capture at the disk budget", .serialized)
struct DiskBudgetTests {
    @Test("pauses without losing its connection, and goes on when the flow has made room")
    func pauses() async throws {
        let setUp = "CREATE TABLE items (id int PRIMARY KEY, t text)"
        try await CapturePlant.with(
            setUp: setUp,
            configure: { configuration in
                configuration.diskLimit = .bytes(3_000_000)
                configuration.diskReserve = 0
                configuration.segmentBytes = 256 << 10
            }
        ) { plant in
            try await plant.capturing(["public.items"]) { service in
                var index = plant.index()
                try await index.skipSnapshot()
                let source = try await SourceLog.open(plant.broker, slot: plant.slot)
                source.expect(flow: "erp-to-mes")
                let rows = TopicPartition(topic: "public.items", partition: 0)
                func end() -> Offset? { try? plant.broker.admin.describe(rows.topic).partitions[0].logEnd }
                for number in 1...40 where !plant.broker.directory.isFull {
                    try await plant.sql("INSERT INTO items VALUES (\(number), repeat('x', 200000))")
                    let next = Offset(Int64(number))
                    try #require(await eventually { plant.broker.directory.isFull || end() == next })
                }
                try #require(await eventually { plant.broker.directory.isFull })
                let sender =
                    "SELECT pid::text || ' ' || backend_start FROM pg_stat_replication WHERE application_name = "
                    + "'edgebroker \(plant.slot)'"
                let connection = try await plant.sql(sender)
                try await plant.sql("INSERT INTO items VALUES (100, 'late')")
                let now = try #require(try await plant.sql("SELECT clock_timestamp()").single)
                // Capture has spoken to the server since, and has not read on.
                let hasSpoken =
                    "SELECT reply_time > '\(now)' FROM pg_stat_replication WHERE application_name = "
                    + "'edgebroker \(plant.slot)'"
                while try await plant.sql(hasSpoken).single == "f" {}
                let known = try #require(end())
                let last = try await plant.broker.fetch(rows, from: known.advanced(by: -1), maxBytes: 1).records.last
                #expect(last?.record.value?.count ?? 0 > 200_000)
                #expect(try await plant.sql(sender) == connection)
                let position = try plant.broker.admin.describe("__transactions.\(plant.slot)").partitions[0].logEnd
                source.flow("erp-to-mes", needsFrom: position)
                // Of a row before that was held up as well, if there was one, and of the late one.
                var lines: [String] = []
                while lines.last?.hasSuffix("t=late") != true {
                    guard case .commit(let commit) = try await index.next(), let range = commit.ranges.first,
                        range.start >= known
                    else { continue }
                    lines += try await index.events(commit.ranges).map(IndexReader.line)
                }
                #expect(try await plant.sql(sender) == connection)
                #expect(plant.broker.gapCounts.unreadRecords == 0 && plant.broker.gapCounts.consumedRecords > 0)
            }
        }
    }
}
