import SQLiteClient
import Testing

@Suite("A SQLite statement") struct SQLiteStatementTests {
    let database: SQLiteDatabase

    init() throws { database = try SQLiteDatabase(inMemory: "test") }

    @Test(
        "gives back every value as it was bound",
        arguments: [
            .null, .integer(.min), .integer(.max), .real(0.1), .text(""), .text("용접 Schweißen 🔩"), .text("a\u{0}b"),
            .blob([]),
            .blob([0, 255]),
        ] as [SQLiteValue])
    func roundTrip(value: SQLiteValue) throws {
        let statement = try database.prepare("SELECT ?1, ?1 IS NULL")
        #expect(try statement.rows([value]) == [[value, .integer(value == .null ? 1 : 0)]])
        #expect(try statement.rows([value]).count == 1)
    }

    @Test("names the constraint that a row breaks, and works again afterwards")
    func constraint() throws {
        try database.execute("CREATE TABLE item (no TEXT PRIMARY KEY)")
        let insert = try database.prepare("INSERT INTO item VALUES (?)")
        try insert.run([.text("A1")])
        #expect {
            try insert.run([.text("A1")])
        } throws: { error in
            let error = error as? SQLiteError
            return error?.code == .constraint && error?.message.contains("item.no") == true
        }
        try insert.run([.text("A2")])
        #expect(database.changes == 1)
    }

    @Test(
        "is exactly one statement",
        arguments: ["", "-- nothing", "SELECT 1; SELECT 2", "SELECT FROM", "SELECT nothing"])
    func refused(sql: String) {
        #expect { try database.prepare(sql) } throws: { ($0 as? SQLiteError)?.code == .statement }
    }

    @Test("tells where in the SQL the mistake is")
    func position() {
        #expect { try database.prepare("SELECT 1 + nothing") } throws: { ($0 as? SQLiteError)?.sqlOffset == 11 }
    }
}
