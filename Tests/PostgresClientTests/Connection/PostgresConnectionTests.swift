import PostgresClient
import PrivateCluster
import Testing

@Suite("A connection")
struct PostgresConnectionTests {
    @Test(
        "pins the session's text forms, on a walsender too", arguments: [false, true],
        [
            ("DateStyle", "ISO, DMY"), ("IntervalStyle", "postgres"), ("TimeZone", "UTC"), ("extra_float_digits", "3"),
            ("bytea_output", "hex"), ("client_encoding", "UTF8"), ("lc_monetary", "C"), ("statement_timeout", "0"),
        ])
    func pinned(isReplication: Bool, setting: (name: String, value: String)) throws {
        let connection = try TestServer.connect(isReplication: isReplication)
        #expect(try connection.simpleQuery("SHOW \(setting.name)").single == setting.value)
    }

    @Test(
        "that the server refuses says so, with the reason's code and without the password",
        arguments: [
            ("postgres", "postgres", "wrong-canary", PostgresError.Code.refused, "28P01"),
            ("postgres", "nobody_here", "wrong-canary", .refused, "28P01"),
            ("postgres", "postgres", "", .refused, nil),
            ("no_such_db", "postgres", TestServer.password, .missingDatabase, "3D000"),
        ] as [(String, String, String, PostgresError.Code, String?)])
    func refused(database: String, user: String, password: String, code: PostgresError.Code, state: String?) throws {
        let text = try TestServer.conninfo(database: database, user: user, password: password)
        let error = #expect(throws: PostgresError.self) { try PostgresConnection(text) }
        #expect(error?.code == code)
        #expect(error?.sqlState == state)
        #expect(error?.description.contains("canary") == false)
        #expect(error?.description.contains("LOCATION") == false)
    }

    @Test("tells version and database, and is of no more use once closed")
    func closed() throws {
        let connection = try TestServer.connect()
        #expect(connection.serverVersion >= PostgresConnection.oldestServerVersion)
        #expect(connection.database == "postgres" && connection.isOpen)
        connection.close()
        #expect(!connection.isOpen)
        let error = #expect(throws: PostgresError.self) { try connection.query("SELECT 1") }
        #expect(error?.code == .connectionLost)
    }
}
