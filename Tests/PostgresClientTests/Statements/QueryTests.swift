import PostgresClient
import Testing

@Suite("A query")
struct QueryTests {
    @Test("takes parameters and gives columns and values as text, NULL as nil")
    func parameters() throws {
        let result = try TestServer.connect().query(
            "SELECT $1::int AS n, $2::text AS t, $3::text AS nothing, 1.50::numeric AS q, '2026-11-22'::date AS d",
            ["7", "Müller; 'x' 한", nil])
        #expect(result.columns == ["n", "t", "nothing", "q", "d"])
        #expect(result.rows == [["7", "Müller; 'x' 한", nil, "1.50", "2026-11-22"]])
        #expect(result[0, "t"] == "Müller; 'x' 한")
    }

    @Test("counts the rows it changed")
    func affectedRows() throws {
        let connection = try TestServer.connect()
        try connection.simpleQuery("CREATE TEMP TABLE t (n int); INSERT INTO t SELECT generate_series(1, 5)")
        let result = try connection.query("DELETE FROM t WHERE n > $1", ["2"])
        #expect(result.affectedRows == 3 && result.isEmpty && result.single == nil)
    }

    @Test(
        "that fails tells the SQLSTATE in one line, and the connection lives",
        arguments: [
            ("SELECT * FROM no_such_table", PostgresError.Code.server, "42P01"), ("SELEC", .server, "42601"),
            ("SELECT 1/0", .server, "22012"),
            ("SET ROLE pg_monitor; SELECT pg_reload_conf()", .refused, "42501"),
        ] as [(String, PostgresError.Code, String)])
    func failure(sql: String, code: PostgresError.Code, state: String) throws {
        let connection = try TestServer.connect()
        let error = #expect(throws: PostgresError.self) { try connection.simpleQuery(sql) }
        #expect(error?.code == code && error?.sqlState == state)
        #expect(error?.description.contains("\n") == false)
        #expect(try connection.query("SELECT 1").single == "1")
    }

    @Test("never quotes a row: a violated key is named, its value is not")
    func noPayload() throws {
        let connection = try TestServer.connect()
        try connection.simpleQuery("CREATE TEMP TABLE t (n text PRIMARY KEY); INSERT INTO t VALUES ('canary')")
        let error = #expect(throws: PostgresError.self) {
            try connection.query("INSERT INTO t VALUES ($1)", ["canary"])
        }
        #expect(error?.sqlState == "23505")
        #expect(error?.description.contains("canary") == false)
    }

    @Test("with a NUL is refused whole", arguments: ["SELECT 1\0; DROP TABLE x", "SELECT $1"])
    func noNUL(sql: String) throws {
        let connection = try TestServer.connect()
        let error = #expect(throws: PostgresError.self) { try connection.query(sql, ["a\0b"]) }
        #expect(error?.code == .unusableValue)
    }
}
