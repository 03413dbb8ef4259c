import DemoPlant
import PostgresClient
import PrivateCluster
import Testing

@Suite("ERP transactions on a real Postgres")
struct PlantSessionTests {
    @Test("leave sums, tables and history in agreement, two lanes side by side and a crash in the middle")
    func agreesWithItsHistory() throws {
        let cluster = try PrivateCluster()
        let connection = try PostgresConnection(cluster.conninfo())
        try ERPSchema.create(on: connection, history: true)
        connection.close()

        var lanes = [PlantGenerator(seed: 11, lane: 0), PlantGenerator(seed: 11, lane: 1)]
        let sessions = lanes.map { _ in PlantSession(cluster.conninfo()) }
        for lane in lanes.indices { try sessions[lane].run(lanes[lane].fill()) }
        for round in 0..<250 {
            if round == 120 { try cluster.restart(.immediate) }
            for lane in lanes.indices { try sessions[lane].run(lanes[lane].next()) }
        }

        let erp = try PostgresConnection(cluster.conninfo())
        let sums = try erp.query(
            """
            select (select sum(planned_minutes) from erp.work_orders), (select sum(minutes) from erp.work_order_ops)
            """)
        #expect(sums.rows[0][0] == sums.rows[0][1])
        let progress = try erp.query("select lane, transactions from erp.generator_progress order by lane").rows
        #expect(progress.count == 2)
        for table in ERPTable.all {
            #expect(try historyDisagreements(erp, table).isEmpty, "\(table.name)")
        }
    }

    /// Keys whose last entry in the history is not what the table holds.
    private func historyDisagreements(_ erp: PostgresConnection, _ table: ERPTable) throws -> [[String?]] {
        let image = table.columns.map { "'\($0)', erp.text_of(\($0))" }.joined(separator: ", ")
        func key(_ row: String) -> String { table.key.map { "(\(row)->>'\($0)')" }.joined(separator: "||'/'||") }
        // A key change is an end of the old key and a beginning of the new.
        return try erp.query(
            """
            with history as (
              select * from erp.history where table_name = '\(table.name)'
                and id > coalesce((select max(id) from erp.history where table_name = '\(table.name)' and op = 't'), 0)
            ), states as (
              select id, \(key("before")) as key, null::jsonb as row from history where before is not null
              union all select id, \(key("after")), after from history where after is not null
            ), last_states as (
              select distinct on (key) key, row from states order by key, id desc, row is null
            ), present as (select jsonb_build_object(\(image)) as row from \(table.name))
            (select row from present except select row from last_states where row is not null)
            union all
            (select row from last_states where row is not null except select row from present)
            """
        ).rows
    }
}
