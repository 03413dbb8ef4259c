import Glibc
import PostgresClient
import Testing

@Suite("A replication stream")
struct ReplicationStreamTests {
    @Test("brings a committed insert as pgoutput, and nothing of a rolled back one")
    func insert() throws {
        let source = try StreamSource("stream_insert")
        let stream = try source.stream()
        try source.connection.simpleQuery("BEGIN; INSERT INTO stream_insert VALUES (6, 'no'); ROLLBACK")
        try source.connection.query("INSERT INTO stream_insert VALUES (7, 'Müller')")
        var kinds = ""
        var insert: [UInt8] = []
        while !kinds.hasSuffix("C") {
            if case .data(_, _, _, let payload)? = try stream.nextFrame() {
                kinds += String(decoding: payload.prefix(1), as: UTF8.self)
                if payload.first == UInt8(ascii: "I") { insert = Array(payload) }
            }
        }
        #expect(kinds == "BRIC")
        #expect(insert.suffix(18) == [0x74, 0, 0, 0, 1, 0x37, 0x74, 0, 0, 0, 7] + Array("Müller".utf8))
    }

    @Test("is answered when it asks for a reply, and moves the slot by what it confirms")
    func confirm() throws {
        let source = try StreamSource("stream_confirm")
        let stream = try source.stream()
        try source.connection.query("INSERT INTO stream_confirm VALUES (1, 'x')")
        try stream.sendStandbyStatus(StandbyStatus(written: 0, flushed: 0, applied: 0, replyRequested: true))
        var confirmed: UInt64 = 0
        while confirmed == 0 {
            if case .keepalive(let end, _, _)? = try stream.nextFrame() { confirmed = end }
        }
        try stream.sendStandbyStatus(
            StandbyStatus(written: confirmed, flushed: confirmed, applied: confirmed, replyRequested: true))
        #expect(try source.slotReaches(confirmed))
        stream.close()
    }

    @Test("keeps the newest status while the server takes nothing, and sends it afterwards")
    func fullSocket() throws {
        let source = try StreamSource("stream_full")
        let stream = try source.stream()
        let facts = try source.connection.query(
            "SELECT active_pid, pg_current_wal_flush_lsn() - '0/0' FROM pg_replication_slots WHERE slot_name = 'stream_full'"
        )
        let walsender = try #require(facts.rows[0][0].flatMap { pid_t($0) })
        let position = try #require(facts.rows[0][1].flatMap { UInt64($0) })
        #expect(kill(walsender, SIGSTOP) == 0)
        defer { kill(walsender, SIGCONT) }
        let unknown = StandbyStatus(written: 0, flushed: 0, applied: 0)
        repeat { try stream.sendStandbyStatus(unknown) } while try stream.flush()
        for _ in 1...2 { try stream.sendStandbyStatus(unknown) }
        try stream.sendStandbyStatus(
            StandbyStatus(written: position, flushed: position, applied: position, replyRequested: true))
        #expect(try !stream.flush())
        kill(walsender, SIGCONT)
        while try !stream.flush() { _ = try stream.wait(wakeup: nil, until: nil) }
        #expect(try source.slotReaches(position))
    }

    @Test("wakes its thread for a signal, also one that came before the wait")
    func wakeup() throws {
        let source = try StreamSource("stream_wakeup")
        let stream = try source.stream()
        let wakeup = try Wakeup()
        wakeup.signal()
        wakeup.signal()
        var outcome: WaitOutcome = []
        while !outcome.contains(.wakeup) { outcome = try stream.wait(wakeup: wakeup, until: nil) }
        while case .frame = stream.next() {}
        #expect(try !stream.wait(wakeup: wakeup, until: .now).contains(.wakeup))
    }

    @Test(
        "from a slot that is absent or taken says which",
        arguments: [("no_such_slot", "42704"), ("stream_taken", "55006")])
    func cannotStart(slot: String, state: String) throws {
        let source = try StreamSource("stream_taken", suffix: slot == "stream_taken" ? "" : "_unused")
        let first = try source.stream()
        let command = try ReplicationCommand.start(
            slot: slot, at: "0/0", options: try ReplicationCommand.pgoutputOptions(publications: ["p"]))
        let second = try TestServer.connect(isReplication: true)
        let error = #expect(throws: PostgresError.self) { try second.startReplication(command) }
        #expect(error?.code == .server && error?.sqlState == state)
        first.close()
    }

    @Test("that the server ends with an error gives that error, again and again")
    func serverError() throws {
        let source = try StreamSource("stream_error")
        let stream = try source.stream(publication: "no_such_publication")
        try source.connection.query("INSERT INTO stream_error VALUES (1, 'x')")
        var end: PostgresError?
        while end == nil {
            _ = try? stream.wait(wakeup: nil, until: nil)
            while case .frame = stream.next() {}
            if case .ended(let error) = stream.next() { end = error }
        }
        #expect(end?.sqlState == "42704")
        let again = #expect(throws: PostgresError.self) { try stream.wait(wakeup: nil, until: nil) }
        #expect(again?.sqlState == "42704")
    }
}

/// A table, a publication of it and a temporary slot, all of one name.
struct StreamSource {
    let name: String
    let connection: PostgresConnection
    private let walsender: PostgresConnection

    init(_ table: String, suffix: String = "", conninfo: String? = nil) throws {
        name = table + suffix
        let text = try conninfo ?? TestServer.conninfo()
        connection = try PostgresConnection(text)
        try connection.simpleQuery("CREATE TABLE \(name) (n int PRIMARY KEY, t text)")
        try connection.simpleQuery("CREATE PUBLICATION \(name) FOR TABLE \(name)")
        walsender = try PostgresConnection(text, ConnectionOptions(isReplication: true))
        let command = try ReplicationCommand.createSlot(name, isTemporary: true, serverVersion: walsender.serverVersion)
        let slot = try walsender.simpleQuery(command)
        #expect(slot[0, "snapshot_name"]?.isEmpty == false)
    }

    /// Asks the server up to 1,000 times, 10 ms apart, whether the slot's confirmed position is `position`.
    func slotReaches(_ position: UInt64) throws -> Bool {
        let question = """
            SELECT confirmed_flush_lsn - '0/0' = $2::numeric, pg_sleep(0.01) FROM pg_replication_slots WHERE slot_name = $1
            """
        for _ in 1...1000 where try connection.query(question, [name, "\(position)"]).single == "t" { return true }
        return false
    }

    func stream(publication: String? = nil) throws -> ReplicationStream {
        let options = try ReplicationCommand.pgoutputOptions(publications: [publication ?? name])
        return try walsender.startReplication(try ReplicationCommand.start(slot: name, at: "0/0", options: options))
    }
}

extension ReplicationStream {
    /// The next frame, or nil after a wait that brought none.
    func nextFrame() throws -> ReplicationFrame? {
        switch next() {
        case .frame(let frame): return frame
        case .ended(let error): throw error
        case .wouldBlock:
            _ = try wait(wakeup: nil, until: .now + .seconds(30))
            return nil
        }
    }
}
