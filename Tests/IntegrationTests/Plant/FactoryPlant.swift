import DemoPlant
import Foundation
import Glibc
import PostgresClient
import PrivateCluster
import RecordFormat
import SQLiteClient

/// A whole plant on this machine: an ERP with data, a MES, the files that `serve` reads. Blocks; used from a thread of its own.
final class FactoryPlant {
    struct TookTooLong: Error, CustomStringConvertible {
        let description: String
    }

    let folder: String
    let cluster: PrivateCluster
    let conninfo: String
    private(set) var generator: PlantGenerator
    private let session: PlantSession
    var serve: ServeProcess?

    init(seed: UInt64) throws {
        folder = NSTemporaryDirectory() + "edgebroker-plant-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        cluster = try PrivateCluster()
        conninfo = cluster.conninfo()
        session = PlantSession(conninfo)
        generator = PlantGenerator(seed: seed)
        let erp = try PostgresConnection(conninfo)
        try ERPSchema.create(on: erp, history: true)
        try session.run(generator.fill())
        let mes = try SQLiteDatabase(path: mesPath)
        try MESSchema.create(on: mes)
        try write("edgebroker.yaml", "data_dir: data\nsite: plant-7\nflows: [flow.yaml]\n")
        try write("flow.yaml", DemoFlow.text(postgres: "${ERP_DSN}", sqlite: mesPath))
    }

    deinit {
        serve?.kill()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var mesPath: String { folder + "/mes.db" }
    var dataPath: String { folder + "/data" }
    var environment: [String: String] { ["ERP_DSN": conninfo, "PATH": "/usr/bin:/bin", "HOME": folder] }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func start() throws {
        serve = try ServeProcess(configuration: folder + "/edgebroker.yaml", environment: environment)
    }

    /// Carries out the next transactions of the ERP on the calling thread.
    func work(transactions: Int) throws {
        for _ in 0..<transactions { try session.run(generator.next()) }
    }

    // MARK: What is where

    func erp() throws -> PostgresConnection { try PostgresConnection(conninfo) }

    /// Up to which LSN of the ERP the MES is.
    func loadedPosition() throws -> LSN? {
        let mes = try SQLiteDatabase(path: mesPath, .readOnly)
        guard try mes.prepare("select 1 from sqlite_schema where name = 'edgebroker_position'").rows().first != nil,
            case .text(let text)? = try mes.prepare("select end_lsn from edgebroker_position").rows().first?.first
        else { return nil }
        return LSN(text)
    }

    /// Waits until the MES is as far as the ERP is now. Nobody may be changing the ERP.
    func drain(within patience: Duration = .seconds(120)) throws {
        let marker = try DrainMarker.set(try erp())
        let mes = try MESObserver(mesPath)
        try wait(within: patience, "the MES does not arrive at \(marker.committedBy)") { try mes.has(marker) }
    }

    /// Waits until the first snapshot is in the MES.
    func waitForSnapshot() throws {
        try wait(within: .seconds(120), "no snapshot arrives") { try loadedPosition().map { $0 > LSN(0) } ?? false }
    }

    /// Another process's progress can only be looked at now and then.
    private func wait(within patience: Duration, _ what: String, _ isDone: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + patience
        while try !isDone() {
            if ContinuousClock.now > deadline { throw TookTooLong(description: what) }
            if let serve, !serve.isRunning { throw TookTooLong(description: "\(what): serve has ended") }
            poll(nil, 0, 10)
        }
    }

    func compare() throws -> PlantComparison {
        let mes = try SQLiteDatabase(path: mesPath, .readOnly)
        return PlantComparison(try ExpectedRows(try erp()), try ActualRows(mes))
    }
}
