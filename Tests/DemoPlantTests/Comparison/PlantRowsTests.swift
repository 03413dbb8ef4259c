import DemoPlant
import PostgresClient
import PrivateCluster
import SQLiteClient
import Testing

@Suite("The rows that the MES must have")
struct PlantRowsTests {
    @Test("fit the MES' tables, foreign keys included, and compare equal once they are there")
    func fitTheMES() throws {
        let cluster = try PrivateCluster()
        let erp = try PostgresConnection(cluster.conninfo())
        try ERPSchema.create(on: erp, history: false)
        var generator = PlantGenerator(seed: 5)
        let session = PlantSession(cluster.conninfo())
        try session.run(generator.fill())
        for _ in 0..<150 { try session.run(generator.next()) }

        let expected = try ExpectedRows(erp)
        let mes = try SQLiteDatabase(inMemory: "mes")
        try MESSchema.create(on: mes)
        #expect(!PlantComparison(expected, try ActualRows(mes)).isEqual)

        try mes.begin()
        for table in expected.tableNames.sorted() {
            for row in expected.rows(of: table) {
                let marks = row.map { _ in "?" }.joined(separator: ", ")
                try mes.prepare("insert into \(table) values (\(marks))")
                    .run(row.map { $0.map { .text($0) } ?? .null })
            }
        }
        try mes.commit()
        let comparison = PlantComparison(expected, try ActualRows(mes))
        #expect(comparison.differences == [])
        #expect(comparison.rowCount > 200 && comparison.tableCount == 5)
        let sums = try mes.prepare(MESSchema.invariant).rows()
        #expect(sums[0][0] == sums[0][1] && sums[0][0] != SQLiteValue.integer(0))

        try mes.execute("update material set description = description || ' ' where rowid = 1")
        #expect(PlantComparison(expected, try ActualRows(mes)).differenceCount == 1)
    }
}
