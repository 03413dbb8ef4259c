import CaptureAgent
import ChangeEvents
import EdgeBroker
import Foundation
import PostgresClient
import PrivateCluster
import RecordFormat
import Testing

@Suite("Capture ends by itself", .serialized)
struct RefusalTests {
    private static let items = "CREATE TABLE items (id int PRIMARY KEY);"

    @Test("with one line and nothing made, when a table is missing or has no identity")
    func refusesTables() async throws {
        try await CapturePlant.with(setUp: Self.items + "CREATE TABLE logs (n int); CREATE VIEW v AS SELECT 1") {
            plant in
            let missing = await plant.refusal(["public.item", "public.items"])
            #expect(missing?.exitCode == 78)
            #expect(missing?.message.contains("no table public.item (did you mean public.items?)") == true)
            let identity = await plant.refusal(["public.items", "public.logs"])
            #expect(identity?.code == .replicaIdentity)
            #expect(identity?.remedy == #"Run ALTER TABLE "public"."logs" REPLICA IDENTITY FULL."#)
            #expect(await plant.refusal(["public.v"])?.code == .unusableTable)
            let made = try await plant.sql(
                "SELECT (SELECT count(*) FROM pg_publication) + (SELECT count(*) FROM pg_replication_slots WHERE slot_name = '\(plant.slot)')"
            )
            #expect(made.single == "0")
            let topics = plant.broker.admin.topics().map(\.name).filter { !$0.hasPrefix("__") }
            #expect(topics.isEmpty)
        }
    }

    @Test("when a right is missing")
    func refusesRights() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            let role = "role_" + plant.database
            try await plant.sql("CREATE ROLE \(role) LOGIN")
            let conninfo = plant.cluster.conninfo(database: plant.database, user: role)
            let walsender = await plant.refusal(["public.items"]) { $0.connection = conninfo }
            #expect(walsender?.exitCode == 77, "\(String(describing: walsender))")
            try await plant.sql("ALTER ROLE \(role) REPLICATION")
            let reading = await plant.refusal(["public.items"]) { $0.connection = conninfo }
            #expect(reading?.exitCode == 77 && reading?.message.contains("may not read public.items") == true)
            try await plant.sql("GRANT SELECT ON items TO \(role)")
            let publishing = await plant.refusal(["public.items"]) { $0.connection = conninfo }
            #expect(publishing?.exitCode == 77 && publishing?.message.contains("may not create publication") == true)
        }
    }

    @Test("when somebody else's slot has its name")
    func refusesForeignSlot() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            try await plant.sql("SELECT pg_create_logical_replication_slot('\(plant.slot)', 'pgoutput')")
            #expect(await plant.refusal(["public.items"])?.code == .foreignSlot)
        }
    }

    @Test("when the slot has passed what the log holds, or is gone")
    func refusesLostChanges() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            try await plant.capturing(["public.items"]) { _ in
                var index = plant.index()
                try await index.skipSnapshot()
            }
            try await plant.sql("INSERT INTO items VALUES (1)")
            try await plant.sql("SELECT pg_replication_slot_advance('\(plant.slot)', pg_current_wal_lsn())")
            let ahead = await plant.refusal(["public.items"])
            #expect(ahead?.code == .slotAhead && ahead?.exitCode == 65)
            try await plant.sql("SELECT pg_drop_replication_slot('\(plant.slot)')")
            let gone = await plant.refusal(["public.items"])
            #expect(gone?.code == .slotLost && gone?.exitCode == 65)
        }
    }

    @Test("when its publication was dropped under it")
    func refusesWithoutPublication() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            let service = plant.service(["public.items"])
            let run = Task { try await service.run() }
            var index = plant.index()
            try await index.skipSnapshot()
            try await plant.sql("DROP PUBLICATION \(plant.slot)")
            try await plant.sql("INSERT INTO items VALUES (1)")
            let error = await #expect(throws: CaptureError.self) { try await run.value }
            #expect(error?.code == .publicationGap && error?.exitCode == 65)
            try await plant.sql("CREATE PUBLICATION \(plant.slot) FOR TABLE items")
            try await plant.sql("ALTER PUBLICATION \(plant.slot) DROP TABLE items")
            #expect(await plant.refusal(["public.items"])?.code == .publicationGap)
        }
    }

    @Test(
        "when a captured table was made anew under its name",
        arguments: [
            "DROP TABLE items; CREATE TABLE items (id int PRIMARY KEY)",
            "ALTER TABLE items RENAME TO old_items; CREATE TABLE items (id int PRIMARY KEY)",
        ])
    func refusesTableMadeAnew(statements: String) async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            try await plant.capturing(["public.items"]) { _ in
                var index = plant.index()
                try await index.skipSnapshot()
            }
            try await plant.sql(statements)
            let error = await plant.refusal(["public.items"])
            #expect(error?.code == .publicationGap && error?.exitCode == 65, "\(String(describing: error))")
            #expect(error?.message.contains("does not have public.items") == true)
        }
    }

    @Test("when the source was put back to an earlier state")
    func refusesSourcePutBack() async throws {
        let cluster = try await blocking { try PrivateCluster() }
        try await CapturePlant.with(cluster, setUp: Self.items) { plant in
            var index = plant.index()
            try await plant.capturing(["public.items"]) { _ in try await index.skipSnapshot() }
            let data = try #require(try await plant.sql("SHOW data_directory").single)
            try await blocking {
                try cluster.stop(.fast)
                // With owners and rights: the server may be run by another user.
                try Self.run("/bin/cp", "-a", data, data + ".earlier")
                try cluster.start()
            }
            try await plant.capturing(["public.items"]) { _ in
                try await plant.sql("INSERT INTO items SELECT generate_series(1, 20000)")
                #expect(try await index.commit().count == 20_000)
            }
            try await blocking {
                try cluster.stop(.fast)
                try FileManager.default.removeItem(atPath: data)
                try FileManager.default.moveItem(atPath: data + ".earlier", toPath: data)
                try cluster.start()
            }
            let error = await plant.refusal(["public.items"])
            #expect(error?.code == .sourceBehind && error?.exitCode == 65, "\(String(describing: error))")
        }
    }

    private static func run(_ command: String, _ arguments: String...) throws {
        let process = try Process.run(URL(fileURLWithPath: command), arguments: arguments)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    @Test("when a row of the snapshot cannot be read, instead of beginning it again for ever")
    func refusesUnreadableRows() async throws {
        let setUp =
            """
            CREATE TYPE state AS ENUM ('open'); CREATE TABLE items (id int PRIMARY KEY, s state);
            INSERT INTO items VALUES (1, 'open'); DELETE FROM pg_enum WHERE enumtypid = 'state'::regtype
            """
        try await CapturePlant.with(setUp: setUp) { plant in
            let service = plant.service(["public.items"])
            let run = Task { try await service.run() }
            #expect(await eventually { service.status.phase == .stopped })
            run.cancel()
            let error = await #expect(throws: CaptureError.self) { try await run.value }
            #expect(error?.code == .unreadableRows && error?.exitCode == 65, "\(String(describing: error))")
            #expect(error?.message.contains("public.items") == true && error?.message.contains("22P03") == true)
        }
    }

    @Test("but not while another reader has the slot: then it waits")
    func waitsForBusySlot() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            var index = plant.index()
            try await plant.capturing(["public.items"]) { _ in try await index.skipSnapshot() }
            let (conninfo, slot) = (plant.conninfo, plant.slot)
            let other = try await blocking {
                let connection = try PostgresConnection(conninfo, ConnectionOptions(isReplication: true))
                return OtherReader(
                    try connection.startReplication(
                        ReplicationCommand.start(
                            slot: slot, at: "0/0", options: ReplicationCommand.pgoutputOptions(publications: [slot]))))
            }
            try await plant.capturing(["public.items"]) { service in
                while true {
                    if case .waiting(let reason) = service.status.phase {
                        #expect(reason.contains("is in use by server process"))
                        break
                    }
                    await Task.yield()
                }
                try await plant.sql("INSERT INTO items VALUES (1)")
                try await blocking { other.stream.close() }
                #expect(try await index.lines() == ["c items:  → id=1"])
            }
        }
    }

    /// Used by one thread after another.
    private struct OtherReader: @unchecked Sendable {
        let stream: ReplicationStream
        init(_ stream: ReplicationStream) { self.stream = stream }
    }

    @Test("when wal_level is not logical, and with a wrong password, which it never shows")
    func refusesServers() async throws {
        let cluster = try await blocking {
            var options = ClusterOptions()
            options.walLevel = .replica
            options.password = "kept-secret"
            return try PrivateCluster(options)
        }
        try await CapturePlant.with(cluster, setUp: Self.items) { plant in
            let level = await plant.refusal(["public.items"])
            #expect(level?.exitCode == 78 && level?.message.contains("wal_level=replica") == true)
            let wrong = await plant.refusal(["public.items"]) {
                $0.connection = cluster.conninfo(database: plant.database, password: "wrong-secret")
            }
            #expect(wrong?.exitCode == 77)
            #expect(wrong?.description.contains("secret") == false)
        }
    }
}
