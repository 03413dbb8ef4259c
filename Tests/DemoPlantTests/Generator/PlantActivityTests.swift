import DemoPlant
import PostgresClient
import PrivateCluster
import RecordFormat
import Testing

@Suite("Work in the ERP")
struct PlantActivityTests {
    @Test("goes on until it is stopped, and then nothing changes any more but the marker")
    func stops() throws {
        let cluster = try PrivateCluster()
        let erp = try PostgresConnection(cluster.conninfo())
        try ERPSchema.create(on: erp, history: false)
        var generator = PlantGenerator(seed: 2)
        try PlantSession(cluster.conninfo()).run(generator.fill())
        let activity = PlantActivity(cluster.conninfo(), generator, transactionsPerSecond: nil)
        while activity.transactions < 50, activity.failure == nil {}
        try activity.stop()
        let done = activity.transactions

        let before = try ExpectedRows(erp).rows(of: "machine_log").count
        let marker = try DrainMarker.set(erp)
        #expect(marker.row < 0 && marker.committedBy > LSN(0))
        #expect(try ExpectedRows(erp).rows(of: "machine_log").count == before + 1)
        #expect(activity.transactions == done)
    }

    @Test("ends with the server's error when a statement fails")
    func reportsFailure() throws {
        let cluster = try PrivateCluster()
        let erp = try PostgresConnection(cluster.conninfo())
        try ERPSchema.create(on: erp, history: false)
        var generator = PlantGenerator(seed: 2)
        try PlantSession(cluster.conninfo()).run(generator.fill())
        try erp.query("drop table erp.work_order_ops")
        let activity = PlantActivity(cluster.conninfo(), generator, transactionsPerSecond: nil)
        while activity.failure == nil {}
        #expect(throws: PostgresError.self) { try activity.stop() }
        #expect(activity.failure?.sqlState == "42P01")
    }
}
