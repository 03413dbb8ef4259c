import CaptureAgent
import ChangeEvents
import EdgeBroker
import EdgeBrokerTesting
import PostgresClient
import RecordFormat
import Testing

@Suite("Capture of a source", .serialized)
struct CaptureServiceTests {
    private static let items =
        """
        CREATE SCHEMA erp;
        CREATE TABLE erp.items (item_no text PRIMARY KEY, qty numeric(12,3), spec text);
        ALTER TABLE erp.items ALTER spec SET STORAGE EXTERNAL;
        """

    @Test("tells the rows there are, and then every change, transaction by transaction")
    func capturesEverything() async throws {
        try await CapturePlant.with(
            setUp: Self.items + "INSERT INTO erp.items VALUES ('A', 1.500, 'x'), ('B', NULL, NULL)"
        ) {
            plant in
            try await plant.capturing(["erp.items"]) { _ in
                var index = plant.index()
                try await index.skipSnapshot()
                try await plant.sql("INSERT INTO erp.items VALUES ('C', 2, repeat('y', 5000))")
                #expect(try await index.lines()[0].hasPrefix("c items:  → item_no=C qty=2.000 spec=yyy"))
                try await plant.sql("UPDATE erp.items SET qty = 3 WHERE item_no = 'C'")
                #expect(try await index.lines() == ["u items:  → item_no=C qty=3.000 unchanged spec"])
                try await plant.sql("UPDATE erp.items SET item_no = 'D' WHERE item_no = 'C'")
                #expect(
                    try await index.lines() == [
                        "d items: item_no=C → ", "c items:  → item_no=D qty=3.000 unchanged spec",
                    ])
                try await plant.sql(
                    "BEGIN; DELETE FROM erp.items WHERE item_no = 'A'; INSERT INTO erp.items VALUES ('A', 9, ''); COMMIT"
                )
                #expect(try await index.lines() == ["d items: item_no=A → ", "c items:  → item_no=A qty=9.000 spec="])
                try await plant.sql("BEGIN; INSERT INTO erp.items VALUES ('Z'); ROLLBACK; TRUNCATE erp.items")
                #expect(try await index.lines() == ["t items:  → "])
            }
        }
    }

    @Test("takes one COPY as one transaction, each row with its own ordinal")
    func capturesCopy() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            try await plant.capturing(["erp.items"]) { service in
                var index = plant.index()
                try await index.skipSnapshot()
                try await plant.sql(
                    "INSERT INTO erp.items SELECT i::text, i, repeat('z', 100) FROM generate_series(1, 2500) i")
                let events = try await index.commit()
                #expect(events.map(\.sequence) == Array(0..<2500))
                #expect(events.map { $0.key?.first?.value } == (1...2500).map { .text("\($0)") })
                #expect(await eventually { service.status.changes == 2500 && service.status.transactions == 1 })
            }
        }
    }

    @Test("describes a table again before the first row that needs it")
    func followsDDL() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            try await plant.capturing(["erp.items"]) { _ in
                var index = plant.index()
                try await index.skipSnapshot()
                try await plant.sql("INSERT INTO erp.items VALUES ('A')")
                _ = try await index.lines()
                try await plant.sql(
                    """
                    BEGIN; INSERT INTO erp.items VALUES ('B');
                    ALTER TABLE erp.items ADD done boolean NOT NULL DEFAULT true, DROP COLUMN spec;
                    INSERT INTO erp.items VALUES ('C', 1, false); COMMIT
                    """)
                let before = index.seen.count
                #expect(
                    try await index.lines() == [
                        "c items:  → item_no=B qty=null spec=null", "c items:  → item_no=C qty=1.000 done=false",
                    ])
                let descriptions = try index.seen[before...].compactMap { record -> TableDescription? in
                    guard case .relation(_, let bytes) = record else { return nil }
                    return try TableDescription(decoding: bytes)
                }
                #expect(descriptions.map { $0.columns.map(\.name) } == [["item_no", "qty", "done"]])
                #expect(descriptions.first?.columns.last?.type == ColumnType(declared: "boolean", form: .boolean))
            }
        }
    }

    @Test("keeps logical messages, in transactions and outside")
    func capturesMessages() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            try await plant.capturing(["erp.items"]) { _ in
                var index = plant.index()
                try await index.skipSnapshot()
                try await plant.sql("SELECT pg_logical_emit_message(false, 'line', 'outside')")
                let outside = try await index.commit()
                #expect(outside.map(IndexReader.line) == ["m line outside:  → "])
                #expect(outside.first?.transactionID == nil)
                try await plant.sql(
                    "BEGIN; INSERT INTO erp.items VALUES ('A'); SELECT pg_logical_emit_message(true, 'line', 'inside'); COMMIT"
                )
                #expect(try await index.lines() == ["c items:  → item_no=A qty=null spec=null", "m line inside:  → "])
            }
        }
    }

    @Test("follows keys of every kind: whole rows, an index, none at all")
    func capturesIdentities() async throws {
        let tables =
            """
            CREATE TABLE whole (id int PRIMARY KEY, t text); ALTER TABLE whole REPLICA IDENTITY FULL;
            CREATE TABLE keyless (n int); ALTER TABLE keyless REPLICA IDENTITY FULL;
            CREATE TABLE other (id int PRIMARY KEY, code text NOT NULL UNIQUE);
            ALTER TABLE other REPLICA IDENTITY USING INDEX other_code_key;
            CREATE TABLE generated (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED);
            INSERT INTO generated VALUES (7);
            CREATE TABLE parts (id int PRIMARY KEY, t text) PARTITION BY RANGE (id);
            CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
            INSERT INTO parts VALUES (1, 'before');
            """
        try await CapturePlant.with(setUp: tables) { plant in
            let names = ["public.whole", "public.keyless", "public.other", "public.generated", "public.parts"]
            try await plant.capturing(names) { _ in
                var index = plant.index()
                var rows: [String] = []
                while true {
                    let record = try await index.next()
                    if case .snapshotEnd = record { break }
                    rows += try await index.events(record.ranges).map(IndexReader.line)
                }
                #expect(rows == ["r generated:  → id=7", "r parts:  → id=1 t=before"])
                try await plant.sql(
                    """
                    BEGIN;
                    INSERT INTO whole VALUES (1, 'a'); UPDATE whole SET t = 'b'; UPDATE whole SET id = 2; DELETE FROM whole;
                    INSERT INTO keyless VALUES (1); UPDATE keyless SET n = 2; DELETE FROM keyless;
                    INSERT INTO other VALUES (1, 'x'); UPDATE other SET id = 2; UPDATE other SET code = 'y'; DELETE FROM other;
                    INSERT INTO generated VALUES (8); UPDATE parts SET t = 'after';
                    COMMIT
                    """)
                #expect(
                    try await index.lines() == [
                        "c whole:  → id=1 t=a", "u whole: id=1 t=a → id=1 t=b", "d whole: id=1 t=b → ",
                        "c whole:  → id=2 t=b",
                        "d whole: id=2 t=b → ",
                        "c keyless:  → n=1", "u keyless: n=1 → n=2", "d keyless: n=2 → ",
                        "c other:  → id=1 code=x", "u other:  → id=2 code=x", "d other: code=x → ",
                        "c other:  → id=2 code=y",
                        "d other: code=y → ",
                        "c generated:  → id=8", "u parts:  → id=1 t=after",
                    ])
            }
        }
    }

    @Test("goes on where it stopped, without a gap and without a repeat")
    func resumes() async throws {
        try await CapturePlant.with(setUp: Self.items) { plant in
            var index = plant.index()
            for round in 0..<3 {
                try await plant.capturing(["erp.items"]) { _ in
                    if round == 0 { try await index.skipSnapshot() }
                    for number in 0..<20 {
                        try await plant.sql("INSERT INTO erp.items VALUES ('\(round)-\(number)')")
                    }
                    // Stopped in the middle: some are in the log, some only in the slot.
                    #expect(try await index.lines() == ["c items:  → item_no=\(round)-0 qty=null spec=null"])
                    if round == 2 {
                        for number in 1..<20 {
                            #expect(
                                try await index.lines() == ["c items:  → item_no=\(round)-\(number) qty=null spec=null"]
                            )
                        }
                    }
                }
                if round == 2 { break }
                try await plant.sql("INSERT INTO erp.items VALUES ('\(round)-between')")
                try await plant.capturing(["erp.items"]) { _ in
                    for number in (1..<20).map(String.init) + ["between"] {
                        let lines = try await index.lines()
                        #expect(lines == ["c items:  → item_no=\(round)-\(number) qty=null spec=null"])
                    }
                }
            }
            let confirmed = try await plant.sql(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '\(plant.slot)'")
            let last = index.seen.compactMap { record -> LSN? in
                if case .commit(let commit) = record { commit.endLSN } else { nil }
            }.last
            // The last stop confirmed everything once.
            #expect(try #require(confirmed.single.flatMap { LSN($0) }) >= #require(last))
        }
    }

    @Test("moves an idle slot by position records, when other tables write")
    func movesIdleSlot() async throws {
        try await CapturePlant.with(setUp: Self.items + "CREATE TABLE noise (t text)") { plant in
            try await plant.capturing(["erp.items"]) { _ in
                var index = plant.index()
                try await index.skipSnapshot()
                let written = try await plant.sql(
                    """
                    INSERT INTO noise SELECT repeat(md5(i::text), 20) FROM generate_series(1, 40000) i;
                    SELECT pg_current_wal_lsn()
                    """)
                let end = try #require(written.single.flatMap { LSN($0) })
                while true {
                    guard case .position(let position) = try await index.next(), position >= end else { continue }
                    break
                }
                var patience = Patience()
                while true {
                    let slot = try await plant.sql(
                        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '\(plant.slot)'")
                    if try #require(slot.single.flatMap { LSN($0) }) >= end { break }
                    let isLate = !patience.lasts()
                    try #require(!isLate, "the slot stays at \(slot.single ?? "nothing")")
                }
            }
        }
    }
}
