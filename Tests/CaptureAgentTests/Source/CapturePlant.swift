import CaptureAgent
import ChangeEvents
import EdgeBroker
import EdgeBrokerTesting
import Foundation
import LogStore
import Logging
import PostgresClient
import PrivateCluster
import RecordFormat

/// An ERP database of its own, a broker on a folder of its own, and what capture makes of the one in the other.
final class CapturePlant: Sendable {
    let cluster: PrivateCluster
    let database: String
    let broker: Broker
    private let directory: String

    /// One server for all tests that leave it running; it ends with the process.
    private static let shared = Task { try await blocking { try PrivateCluster() } }

    /// - Parameter cluster: `nil` takes the shared one.
    static func with(
        _ cluster: PrivateCluster? = nil, disk: any Disk = PosixDisk(), setUp: String,
        configure: (inout BrokerConfiguration) -> Void = { _ in }, _ body: (CapturePlant) async throws -> Void
    ) async throws {
        let server: PrivateCluster
        if let cluster { server = cluster } else { server = try await shared.value }
        let database = "erp_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        _ = try await blocking { try Self.run("CREATE DATABASE \(database)", server.conninfo()) }
        let directory = NSTemporaryDirectory() + database
        var configuration = BrokerConfiguration(dataDirectory: directory)
        configure(&configuration)
        let broker = try await Broker.open(configuration, disk: disk, logger: silent)
        let plant = CapturePlant(cluster: server, database: database, broker: broker, directory: directory)
        do {
            try await plant.sql(setUp)
            try await body(plant)
        } catch {
            await plant.close()
            throw error
        }
        await plant.close()
    }

    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private init(cluster: PrivateCluster, database: String, broker: Broker, directory: String) {
        self.cluster = cluster
        self.database = database
        self.broker = broker
        self.directory = directory
    }

    private func close() async {
        await broker.close()
        try? FileManager.default.removeItem(atPath: directory)
        let (text, slot) = (cluster.conninfo(), slot)
        // A slot left behind would keep the shared server's WAL; on a server that is down there is nothing to tidy.
        try? await blocking {
            try Self.run(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '\(slot)'", text)
            try Self.run(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '\(slot)'", text
            )
        }
    }

    /// Slots have names in the whole cluster.
    var slot: String { "slot_" + database }
    var conninfo: String { cluster.conninfo(database: database) }

    @discardableResult
    func sql(_ statements: String) async throws -> PostgresResult {
        let conninfo = conninfo
        return try await blocking { try Self.run(statements, conninfo) }
    }

    @discardableResult
    private static func run(_ statements: String, _ conninfo: String) throws -> PostgresResult {
        let connection = try PostgresConnection(conninfo)
        defer { connection.close() }
        return try connection.simpleQuery(statements)
    }

    // MARK: Capture

    func service(_ tables: [String], _ change: (inout CaptureConfiguration) -> Void = { _ in }) -> CaptureService {
        var configuration = CaptureConfiguration(
            connection: conninfo, slot: slot, tables: tables.compactMap { TableName($0) })
        change(&configuration)
        // A wait of no time: whoever waits for a server asks again at once.
        return CaptureService(
            configuration, broker: broker, logger: Self.silent, clock: ImpatientClock(), jitter: { 0 })
    }

    /// Captures while `body` runs, then stops in order.
    func capturing(
        _ tables: [String], _ change: (inout CaptureConfiguration) -> Void = { _ in },
        _ body: (CaptureService) async throws -> Void
    ) async throws {
        let service = service(tables, change)
        let run = Task { try await service.run() }
        do {
            try await body(service)
        } catch {
            run.cancel()
            // Why capture ended, if it did, tells more than what was missed because of it.
            if case .failure(let reason) = await run.result { throw reason }
            throw error
        }
        run.cancel()
        try await run.value
    }

    /// Captures until it ends by itself.
    func refusal(_ tables: [String], _ change: (inout CaptureConfiguration) -> Void = { _ in }) async -> CaptureError? {
        do {
            try await service(tables, change).run()
            return nil
        } catch {
            return error as? CaptureError
        }
    }

    func index() -> IndexReader { IndexReader(broker, slot: slot) }
}

/// Runs blocking calls off Swift's cooperative pool.
func blocking<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}

/// Sleeps hardly at all, so that a source is tried again at once.
struct ImpatientClock: Clock {
    typealias Instant = ContinuousClock.Instant
    var now: Instant { .now }
    var minimumResolution: Duration { .zero }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        await Task.yield()
    }
}

/// Whether it comes true while ``Patience`` lasts: a figure may follow what it counts by a moment.
func eventually(_ isTrue: () -> Bool) async -> Bool {
    var patience = Patience()
    while !isTrue() {
        if !patience.lasts() { return false }
        await Task.yield()
    }
    return true
}
