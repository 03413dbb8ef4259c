import CaptureAgent
import EdgeBroker
import PostgresClient
import PrivateCluster
import RecordFormat
import Testing

@Suite("Capture on a disk in trouble", .serialized)
struct DiskTroubleTests {
    private static let items = "CREATE TABLE items (id int PRIMARY KEY, t text)"

    @Test("that hangs goes on speaking to the source, confirms nothing and takes no more than its share of memory")
    func survivesHangs() async throws {
        let cluster = try await blocking {
            var options = ClusterOptions()
            options.settings = [("wal_sender_timeout", "2s")]
            return try PrivateCluster(options)
        }
        let disk = MoodyDisk()
        try await CapturePlant.with(cluster, disk: disk, setUp: Self.items) { plant in
            let log = try await SourceLog.open(plant.broker, slot: plant.slot)
            let change: (inout CaptureConfiguration) -> Void = { $0.maximumUnsyncedBytes = 1 << 20 }
            try await plant.capturing(["public.items"], change) { _ in
                defer { disk.mood = .fine }
                var index = plant.index()
                try await index.skipSnapshot()
                let sender = "SELECT pid::text || ' ' || backend_start FROM pg_stat_replication"
                let slot = "SELECT confirmed_flush_lsn FROM pg_replication_slots"
                try await plant.sql("INSERT INTO items VALUES (0, 'before')")
                #expect(try await index.lines() == ["c items:  → id=0 t=before"])
                let before = try await plant.sql(sender)
                disk.mood = .hanging
                let commit = try await plant.sql("SELECT pg_current_wal_lsn()")
                for number in 1...8 {
                    try await plant.sql(
                        "INSERT INTO items SELECT \(number) * 10000 + i, repeat('x', 1000) FROM generate_series(1, 5000) i"
                    )
                }
                // By what the server has heard of us since, three of its time-outs have passed.
                let heard = "SELECT reply_time FROM pg_stat_replication"
                let first = try #require(try await plant.sql(heard).single)
                while true {
                    let later = "SELECT reply_time > '\(first)'::timestamptz + interval '6 s' FROM pg_stat_replication"
                    guard try await plant.sql(later).single == "f" else { break }
                }
                #expect(try await plant.sql(sender) == before)
                #expect(before.rows.count == 1)
                #expect(log.unsyncedBytes < 4 << 20)
                let confirmed = try await plant.sql(slot).single.flatMap { LSN($0) }
                let limit = commit.single.flatMap { LSN($0) }
                #expect(try #require(confirmed) <= #require(limit))
                disk.mood = .fine
                for _ in 1...8 { #expect(try await index.commit().count == 5000) }
            }
        }
    }

    @Test("that hangs does not keep it from ending, even if the source was lost before")
    func endsWithoutTheDisk() async throws {
        let disk = MoodyDisk()
        try await CapturePlant.with(disk: disk, setUp: Self.items) { plant in
            defer { disk.mood = .fine }
            let log = try await SourceLog.open(plant.broker, slot: plant.slot)
            let service = plant.service(["public.items"])
            let run = Task { try await service.run() }
            var index = plant.index()
            try await index.skipSnapshot()
            try await plant.sql("INSERT INTO items VALUES (0, 'before')")
            #expect(try await index.lines() == ["c items:  → id=0 t=before"])
            // What is visible is counted as synced a moment later.
            #expect(await eventually { log.unsyncedBytes == 0 })
            disk.mood = .hanging
            var size = 0
            // The second is in the log only after all of the first.
            for number in 1...2 {
                try await plant.sql("INSERT INTO items VALUES (\(number), 'x')")
                try #require(await eventually { log.unsyncedBytes > size })
                size = log.unsyncedBytes
            }
            let sender = "FROM pg_stat_replication WHERE application_name = 'edgebroker \(plant.slot)'"
            try await plant.sql("SELECT pg_terminate_backend(pid) \(sender)")
            while try await plant.sql("SELECT count(*) \(sender)").single != "0" {}
            run.cancel()
            #expect(await eventually { service.status.phase == .stopped })
            disk.mood = .fine
            try await run.value
        }
    }

    @Test("that is slower than the source is read into as soon as it has room again")
    func readsOnAtOnce() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            let change: (inout CaptureConfiguration) -> Void = { configuration in
                configuration.maximumUnsyncedBytes = 64 << 10
                configuration.statusInterval = .seconds(60)
            }
            try await plant.capturing(["public.items"], change) { _ in
                var index = plant.index()
                try await index.skipSnapshot()
                // Within one transaction nothing but the room itself says that there is room, or the next status does: that comes
                // after the index has lost its patience.
                try await plant.sql(
                    "INSERT INTO items SELECT i, repeat('x', 1000) FROM generate_series(1, 4000) i")
                #expect(try await index.commit().count == 4000)
            }
        }
    }

    @Test("that fails a sync is tried again, without a gap and without a repeat")
    func survivesFailures() async throws {
        let disk = MoodyDisk()
        try await CapturePlant.with(disk: disk, setUp: Self.items) { plant in
            try await plant.capturing(["public.items"]) { _ in
                defer { disk.mood = .fine }
                var index = plant.index()
                try await index.skipSnapshot()
                for round in 0..<3 {
                    try await plant.sql("INSERT INTO items VALUES (\(round * 2), 'good')")
                    #expect(try await index.lines() == ["c items:  → id=\(round * 2) t=good"])
                    let failed = disk.failed
                    disk.mood = .failing
                    try await plant.sql("INSERT INTO items VALUES (\(round * 2 + 1), 'refused')")
                    while disk.failed == failed { await Task.yield() }
                    disk.mood = .fine
                    #expect(try await index.lines() == ["c items:  → id=\(round * 2 + 1) t=refused"])
                }
            }
        }
    }
}
