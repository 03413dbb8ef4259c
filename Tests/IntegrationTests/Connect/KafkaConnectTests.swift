import Foundation
import Testing

/// `EDGEBROKER_CONNECT_CHANGES` sets how many changes of the database go through.
@Suite("Kafka Connect, unmodified")
struct KafkaConnectTests {
    private static let changes =
        ProcessInfo.processInfo.environment["EDGEBROKER_CONNECT_CHANGES"].flatMap { Int($0) } ?? 1000

    @Test(
        "brings every change of a Postgres into our topics, in order, over an orderly restart, a kill of its own and a kill of the broker",
        .enabled(if: KafkaJava.isThere, KafkaJava.missing), .timeLimit(.minutes(20)))
    func debezium() async throws {
        let server = try KafkaServer()
        defer { server.stop() }
        let folder = server.folder + "/connect"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let postgres = try LoopbackPostgres(folder: folder)
        let rows = try VersionedRows(
            try postgres.connect(), topic: "erp." + VersionedRows.table, partitions: 3, broker: server.address)

        var worker = try ConnectWorker(broker: server.address, folder: folder)
        try await worker.create("erp", connector(to: postgres))
        try rows.startReading()
        // The rows as they were before Debezium came.
        try rows.readAll()
        try rows.change(Self.changes / 5)
        try rows.readAll()
        #expect(rows.repeated == 0)

        // In an orderly way, with changes on their way, and some while it is away.
        try rows.change(Self.changes / 10)
        worker.terminate()
        try rows.change(Self.changes / 10)
        worker = try ConnectWorker(broker: server.address, folder: folder)
        #expect(try await worker.connectors() == ["erp"])
        try rows.change(Self.changes / 10)
        try rows.readAll()
        print("Kafka Connect repeated \(rows.repeated) changes after an orderly restart")

        // The broker, in the middle of a stream.
        try rows.change(Self.changes / 10)
        try rows.readMore(1)
        try server.killAndRestart()
        try rows.change(Self.changes / 10)
        try rows.readAll()
        print("… \(rows.repeated) after a kill of the broker")

        // The worker, in the middle of a stream.
        try rows.change(Self.changes / 10)
        try rows.readMore(1)
        worker.kill()
        try rows.change(Self.changes / 10)
        worker = try ConnectWorker(broker: server.address, folder: folder)
        try rows.change(Self.changes - 9 * (Self.changes / 10))
        try rows.readAll()
        // What it had not noted as done is Connect's to send again.
        print("… \(rows.repeated) after a kill of the worker; \(rows.seen) read in all")
        worker.terminate()
    }

    private func connector(to postgres: LoopbackPostgres) -> [String: String] {
        [
            "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
            "tasks.max": "1",
            "database.hostname": "127.0.0.1",
            "database.port": "\(postgres.port)",
            "database.user": "postgres",
            "database.password": postgres.password,
            "database.dbname": "postgres",
            "plugin.name": "pgoutput",
            "topic.prefix": "erp",
            "table.include.list": VersionedRows.table,
            // As sites have it: three replicas are asked for, and there is one.
            "topic.creation.default.partitions": "3",
            "topic.creation.default.replication.factor": "3",
        ]
    }
}
