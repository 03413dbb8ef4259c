import Foundation
import Glibc
import PostgresClient
import PrivateCluster
import Synchronization
import Testing

@Suite("COPY")
struct CopyTests {
    @Test("brings every row, whole and in order")
    func tenThousandRows() throws {
        let connection = try TestServer.connect()
        let copy = try connection.copyOut("COPY (SELECT n, 'x' FROM generate_series(1, 10000) n) TO STDOUT")
        var count = 0
        var isInOrder = true
        while let row = try copy.next() {
            count += 1
            isInOrder = isInOrder && row.elementsEqual("\(count)\tx\n".utf8)
        }
        #expect(count == 10_000 && isInOrder)
        #expect(try copy.next() == nil)
        #expect(try connection.query("SELECT 1").single == "1")
    }

    @Test("that nobody reads to its end leaves a connection that works")
    func leftEarly() throws {
        let connection = try TestServer.connect()
        do {
            let copy = try connection.copyOut("COPY (SELECT generate_series(1, 1000000000)) TO STDOUT")
            _ = try copy.next()
        }
        #expect(try connection.query("SELECT 1").single == "1")
    }

    @Test("that is abandoned asks nothing of a server that does not answer")
    func abandoned() throws {
        let cluster = try PrivateCluster()
        let connection = try PostgresConnection(cluster.conninfo())
        let file = try connection.query("SELECT pg_read_file('postmaster.pid')").single
        let server = try #require(file?.split(separator: "\n").first.flatMap { pid_t($0) })
        let (isDone, goesOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        var copy: CopyOut? = try connection.copyOut("COPY (SELECT generate_series(1, 1000000000)) TO STDOUT")
        _ = try copy?.next()
        let wasDoneBefore = Mutex<Bool?>(nil)
        kill(server, SIGSTOP)
        // In any case the server goes on some time.
        Thread {
            let wait = isDone.wait(timeout: .now() + 60)
            wasDoneBefore.withLock { $0 = wait == .success }
            kill(server, SIGCONT)
            goesOn.signal()
        }.start()
        copy?.abandon()
        let error = #expect(throws: PostgresError.self) { try copy?.next() }
        copy = nil
        isDone.signal()
        goesOn.wait()
        #expect(wasDoneBefore.withLock(\.self) == true)
        #expect(error?.code == .connectionLost)
    }

    @Test("that fails in the middle throws, and does not look like an end")
    func failsInTheMiddle() throws {
        let connection = try TestServer.connect()
        let copy = try connection.copyOut("COPY (SELECT 1 / (5000 - n) FROM generate_series(1, 10000) n) TO STDOUT")
        let error = #expect(throws: PostgresError.self) { while try copy.next() != nil {} }
        #expect(error?.code == .server && error?.sqlState == "22012")
        #expect(try connection.query("SELECT 1").single == "1")
    }

    @Test(
        "of what does not exist throws before the first row",
        arguments: ["COPY nothing TO STDOUT", "COPY (SELEC) TO STDOUT"])
    func absent(sql: String) throws {
        let connection = try TestServer.connect()
        #expect(throws: PostgresError.self) { try connection.copyOut(sql) }
    }

    @Test("takes rows with every special character, and gives the same values back")
    func roundTrip() throws {
        let connection = try TestServer.connect()
        try connection.simpleQuery("CREATE TEMP TABLE t (n int, a text, b text)")
        let values = ["", "\\", "\\N", "\t", "a\nb\r\nc", "\\.", "Ä한\u{1F600}", "'\""]
        let rows: [[String?]] = (0..<3000).map { ["\($0)", values[$0 % values.count], $0 % 3 == 0 ? nil : "\($0)"] }
        #expect(try connection.copyIn("COPY t FROM STDIN", rows: rows) == 3000)
        #expect(try connection.query("SELECT n, a, b FROM t ORDER BY n").rows == rows)
    }

    @Test("takes none of the rows if one is bad")
    func badRow() throws {
        let connection = try TestServer.connect()
        try connection.simpleQuery("CREATE TEMP TABLE t (n int)")
        let error = #expect(throws: PostgresError.self) {
            try connection.copyIn("COPY t FROM STDIN", rows: [["1"], ["two"]])
        }
        #expect(error?.sqlState == "22P02")
        #expect(try connection.query("SELECT count(*) FROM t").single == "0")
    }
}
