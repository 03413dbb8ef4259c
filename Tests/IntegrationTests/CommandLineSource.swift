import EdgeBrokerTesting
import Foundation
import PostgresClient
import PrivateCluster
import SQLiteClient

/// An ERP that wants a password, with tables of every kind, for what the command line says of a source.
final class CommandLineSource: Sendable {
    static let password = "s3cret-Wört'er"
    static let shared = Result { try CommandLineSource() }

    let cluster: PrivateCluster

    private init() throws {
        var options = ClusterOptions()
        options.password = Self.password
        cluster = try PrivateCluster(options)
        let connection = try PostgresConnection(cluster.conninfo(password: Self.password))
        defer { connection.close() }
        for statement in [
            "create schema erp",
            "create table erp.items (item_no text primary key, uom text not null, weight numeric(12,3), plant text)",
            "insert into erp.items values ('A7', 'kg', 1.500, 'P01'), ('B8', 'st', null, 'P02')",
            "create table erp.loose (a int)",
            "create role reader login password 'reader'",
            "grant usage on schema erp to reader", "grant select on all tables in schema erp to reader",
            "select pg_create_logical_replication_slot('taken', 'pgoutput')",
        ] {
            _ = try connection.simpleQuery(statement)
        }
    }

    /// A flow of `erp.items`, with some of it replaced.
    func flow(_ replacements: [String: String] = [:]) -> String {
        let flow = """
            flow: f
            source:
              postgres: ${ERP_DSN}
              slot: SLOT
              tables: [erp.items]
            load:
              into: { sqlite: mes.db }
              tables:
                - from: erp.items
                  to: material
                  where: plant = 'P01'
                  columns:
                    material_no: trim(item_no)
                    base_uom: upper(uom)

            """
        let slot = ["SLOT": "slot_\(UInt32.random(in: 0 ... .max))"]
        return replacements.merging(slot) { first, _ in first }.reduce(flow) { $0.replacing($1.key, with: $1.value) }
    }

    func write(_ flow: String, in folder: String) throws {
        try Data(flow.utf8).write(to: URL(fileURLWithPath: folder + "/f.yaml"))
        try Data("data_dir: log\nflows: [f.yaml]\n".utf8).write(to: URL(fileURLWithPath: folder + "/p.yaml"))
    }

    func environment(user: String = "postgres", password: String = password) -> [String: String] {
        ["ERP_DSN": cluster.conninfo(user: user, password: password)]
    }

    /// Looks at another process's database until the snapshot's one row of plant P01 is there, or ``Patience`` is over.
    func waitUntilLoaded(_ path: String) async throws {
        var patience = Patience()
        while patience.lasts() {
            if let mes = try? SQLiteDatabase(path: path, .readOnly),
                let rows = try? mes.prepare("select base_uom from material").rows(), rows == [[.text("KG")]]
            {
                return
            }
            await Task.yield()
        }
        throw NotLoaded()
    }

    struct NotLoaded: Error {}
}
