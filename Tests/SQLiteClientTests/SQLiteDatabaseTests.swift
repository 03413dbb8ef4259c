import Foundation
import SQLiteClient
import Testing

@Suite("A SQLite database") struct SQLiteDatabaseTests {
    let file: TemporaryDatabase

    init() throws { file = try TemporaryDatabase() }

    @Test("is opened so that a commit survives a power cut and foreign keys hold")
    func pragmas() throws {
        let database = try file.open()
        let values = try ["journal_mode", "synchronous", "foreign_keys"].map {
            try database.prepare("PRAGMA \($0)").rows()
        }
        #expect(values == [[[.text("wal")]], [[.integer(2)]], [[.integer(1)]]])
    }

    @Test("shows other connections a transaction whole, and nothing of one that threw")
    func transactions() throws {
        let writer = try file.open()
        try writer.execute("CREATE TABLE t (a)")
        let reader = try file.open(.readOnly)
        try writer.transaction { () throws(SQLiteError) in
            try writer.execute("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)")
            let rows = try reader.prepare("SELECT a FROM t").rows()
            #expect(rows.isEmpty)
        }
        #expect(throws: SQLiteError.self) {
            try writer.transaction { () throws(SQLiteError) in
                try writer.execute("DELETE FROM t; INSERT INTO absent VALUES (1)")
            }
        }
        #expect(try reader.prepare("SELECT a FROM t ORDER BY a").rows() == [[.integer(1)], [.integer(2)]])
        #expect(!writer.isInTransaction)
    }

    @Test("says busy when another writer keeps the lock, and goes on when it is free")
    func busy() throws {
        let one = try file.open()
        let other = try file.open()
        try one.begin()
        #expect { try other.begin() } throws: { ($0 as? SQLiteError)?.code == .busy }
        try one.commit()
        try other.begin()
        try other.rollBack()
    }

    @Test("refuses writing when opened for looking, and opens no file that is absent")
    func readOnly() throws {
        #expect { try file.open(.readOnly) } throws: { ($0 as? SQLiteError)?.code == .cannotOpen }
        try file.open().execute("CREATE TABLE t (a)")
        let reader = try file.open(.readOnly)
        #expect { try reader.execute("INSERT INTO t VALUES (1)") } throws: { ($0 as? SQLiteError)?.code == .refused }
    }

    @Test(
        "tells a file that is no database, and names that are no file",
        arguments: ["", ":memory:", "file:x?mode=memory"])
    func badFiles(name: String) throws {
        try Data("This is a letter to the head office, not a database. ".utf8).write(to: URL(filePath: file.path))
        #expect { try file.open() } throws: { ($0 as? SQLiteError)?.code == .corrupt }
        #expect { try SQLiteDatabase(path: name) } throws: { ($0 as? SQLiteError)?.code == .cannotOpen }
    }

    @Test("ends a running statement when it is interrupted from another thread")
    func interrupt() throws {
        let database = try file.open()
        let interrupter = database.interrupter
        let endless = try database.prepare(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
        let thread = Thread {
            // Until the statement has begun an interrupt has no effect, so it is repeated until the statement has ended.
            while !Thread.current.isCancelled { interrupter.interrupt() }
        }
        thread.start()
        #expect { try endless.step() } throws: { ($0 as? SQLiteError)?.code == .interrupted }
        thread.cancel()
    }

    @Test("quotes any name")
    func quoting() throws {
        let database = try file.open()
        let name = "a \"b\"; DROP TABLE x --"
        try database.execute("CREATE TABLE \(SQLiteDatabase.quoted(name)) (a)")
        #expect(try database.prepare("SELECT name FROM sqlite_schema").rows() == [[.text(name)]])
    }
}
