import ChangeEvents
import RecordFormat
import SQLiteClient
import Testing

@testable import Loader

@Suite("A SQLite target") struct SQLiteTargetTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func target() throws -> SQLiteTarget { SQLiteTarget(try folder.openMES()) }
    private func orders() throws -> [String] {
        try folder.rows("SELECT no || ' ' || qty FROM work_order ORDER BY no").map { row in
            if case .text(let text) = row[0] { text } else { "" }
        }
    }

    @Test("obeys the laws of targets, in tables that are there and in tables it makes", arguments: [true, false])
    func laws(tablesAreThere: Bool) throws {
        if tablesAreThere { try folder.openMES().execute(WorkOrders.schema) }
        try checkLoadTarget(open: target, orders: orders)
        #expect(try folder.rows("SELECT name FROM sqlite_schema WHERE name LIKE 'edgebroker_seen%'").isEmpty)
    }

    @Test("makes a table that keeps every value as it is")
    func creates() throws {
        let feeder = try Feeder(target(), [ERP.itemsMapping])
        try feeder.writer.keep(relation: ERP.items().encoded, of: "erp.items")
        try feeder.transaction(
            ("erp.items", ERP.change(.create, ERP.items(), after: ERP.item("007", weight: "12.500"))))
        #expect(
            try folder.rows("SELECT *, typeof(level) FROM material") == [
                [.text("007"), .text("12.500"), .integer(2), .text("ste"), .text("integer")]
            ])
        #expect(
            try folder.rows("SELECT type, pk, \"notnull\" FROM pragma_table_info('material')")[0] == [
                .text("TEXT"), .integer(1), .integer(1),
            ])
    }

    @Test(
        "says what is wrong with a table that is there",
        arguments: [
            ("CREATE TABLE material (material_no TEXT PRIMARY KEY, weight, level)", "spec_begin"),
            ("CREATE TABLE material (material_no TEXT, weight, level, spec_begin)", "unique index"),
            (
                "CREATE TABLE material (material_no TEXT, weight, level, spec_begin, PRIMARY KEY (material_no, level))",
                "unique index"
            ),
            ("CREATE VIEW material AS SELECT 1 AS material_no", "view"),
            ("CREATE TABLE material (material_no TEXT PRIMARY KEY, weight, level AS (1), spec_begin)", "generated"),
            (
                "CREATE TABLE Material (MATERIAL_NO TEXT, weight, level, spec_begin, more DEFAULT 1); CREATE UNIQUE INDEX m ON material (material_no)",
                ""
            ),
        ])
    func checks(schema: String, complaint: String) throws {
        try folder.openMES().execute(schema)
        let feeder = try Feeder(target(), [ERP.itemsMapping])
        if complaint.isEmpty {
            try feeder.writer.keep(relation: ERP.items().encoded, of: "erp.items")
            try feeder.transaction(("erp.items", ERP.change(.create, ERP.items(), after: ERP.item("A"))))
            #expect(try folder.rows("SELECT more FROM material") == [[.integer(1)]])
        } else {
            #expect {
                try feeder.writer.keep(relation: ERP.items().encoded, of: "erp.items")
            } throws: { error in
                let error = error as? LoaderError
                return error?.code == .configuration && error?.message.contains(complaint) == true
            }
        }
    }

    @Test(
        "adds the columns that the source got, if the flow loads all of them, and keeps the rows",
        arguments: ["(no TEXT PRIMARY KEY)", "(no TEXT PRIMARY KEY) STRICT"])
    func adds(definition: String) throws {
        try folder.openMES().execute(
            "CREATE TABLE work_order \(definition); INSERT INTO work_order VALUES ('OLD')")
        let feeder = try Feeder(target())
        try feeder.relations()
        try feeder.transaction(WorkOrders.insert("WO-1", qty: "012.500"))
        #expect(
            try folder.rows("SELECT * FROM work_order ORDER BY no") == [
                [.text("OLD"), .null], [.text("WO-1"), .text("012.500")],
            ])
    }

    @Test("stops before a transaction whose foreign keys do not hold, and names the row")
    func foreignKeys() throws {
        try folder.openMES().execute(WorkOrders.schema)
        let feeder = try Feeder(target())
        try feeder.relations()
        try feeder.transaction(WorkOrders.insert("WO-1"))
        #expect {
            try feeder.transaction(WorkOrders.insert("WO-2"), WorkOrders.insert("WO-9", op: 20))
        } throws: { error in
            let error = error as? LoaderError
            return error?.code == .foreignKeys && error?.message.hasPrefix("flow f: ") == true
                && error?.message.contains("operation, row no=WO-9, op=20 ") == true
        }
        #expect(try orders() == ["WO-1 1.0"])
        #expect(try Feeder(target()).writer.position.nextOffset == Offset(2))
    }

    @Test("enforces no foreign key during a snapshot, and all of them from its end on", arguments: [true, false])
    func snapshotKeys(isComplete: Bool) throws {
        try folder.openMES().execute(WorkOrders.schema)
        let feeder = try Feeder(target())
        try feeder.relations()
        try feeder.beginSnapshot(1)
        try feeder.transaction(WorkOrders.snapshot("WO-1", op: 10))
        #expect(feeder.writer.isInSnapshot)
        if isComplete {
            try feeder.transaction(WorkOrders.snapshot("WO-1"))
            try feeder.endSnapshot(1)
            #expect { try feeder.transaction(WorkOrders.insert("WO-9", op: 1)) } throws: {
                ($0 as? LoaderError)?.code == .foreignKeys
            }
        } else {
            #expect { try feeder.endSnapshot(1) } throws: { error in
                let error = error as? LoaderError
                return error?.code == .foreignKeys && error?.message.contains("no=WO-1, op=10") == true
            }
        }
    }

    @Test(
        "looks at the end of a snapshot for orphans among its tables' rows and their children, and leaves others to their owner",
        arguments: [true, false])
    func strangersKeys(childHasParent: Bool) throws {
        try folder.openMES().execute(
            WorkOrders.schema + """
                PRAGMA foreign_keys = OFF;
                CREATE TABLE shift (id INTEGER PRIMARY KEY);
                CREATE TABLE attendance (shift INTEGER REFERENCES shift);
                CREATE TABLE booking (work_order TEXT REFERENCES work_order, shift INTEGER REFERENCES shift);
                INSERT INTO attendance VALUES (9);
                INSERT INTO booking VALUES ('WO-\(childHasParent ? 1 : 2)', 9);
                """)
        let feeder = try Feeder(target())
        try feeder.relations()
        try feeder.beginSnapshot(1)
        try feeder.transaction(WorkOrders.snapshot("WO-1"), WorkOrders.snapshot("WO-1", op: 10))
        if childHasParent {
            try feeder.endSnapshot(1)
            #expect(try orders() == ["WO-1 1.0"])
        } else {
            #expect { try feeder.endSnapshot(1) } throws: { error in
                let error = error as? LoaderError
                return error?.code == .foreignKeys && error?.message.contains("table booking, row has no") == true
            }
        }
    }

    @Test(
        "empties at the end of a snapshot a table of which it told nothing, if there is one", arguments: [true, false])
    func silentTable(isThere: Bool) throws {
        if isThere {
            try folder.openMES().execute(WorkOrders.schema + "INSERT INTO work_order VALUES ('OLD', 1)")
        }
        let feeder = try Feeder(target())
        try feeder.beginSnapshot(1)
        try feeder.endSnapshot(1)
        #expect(!feeder.writer.isInSnapshot)
        if isThere { #expect(try orders() == []) }
    }

    @Test("refuses an update of some columns of a row that is not there, naming the row")
    func halfRow() throws {
        let feeder = try Feeder(target())
        try feeder.relations()
        let change = ERP.change(
            .update, WorkOrders.operations, after: Array(WorkOrders.operation("WO-1", 10)[..<2]), unchanged: ["note"])
        #expect {
            try feeder.transaction(("erp.ops", change))
        } throws: { error in
            let error = error as? LoaderError
            return error?.code == .row && error?.message.contains("table operation, row no=WO-1, op=10:") == true
        }
        try feeder.writer.rollBack()
        try feeder.writer.claim()
        try feeder.transaction(WorkOrders.insert("WO-1", op: 10, note: "keep"), ("erp.ops", change))
        #expect(try folder.rows("SELECT note FROM operation") == [[.text("keep")]])
    }

    @Test("refuses the position of another log, slot or newer release")
    func foreign() throws {
        _ = try Feeder(target())
        for identity in [
            LoadIdentity(flow: "f", slot: "s", logID: "other"), LoadIdentity(flow: "f", slot: "t", logID: "log"),
        ] {
            #expect { try Feeder(target(), identity: identity) } throws: { ($0 as? LoaderError)?.code == .foreignLog }
        }
        #expect(
            try Feeder(target(), identity: LoadIdentity(flow: "g", slot: "t", logID: "other")).writer.position == .start
        )
        try folder.openMES().execute("UPDATE edgebroker_position SET format = 2")
        #expect { try Feeder(target()) } throws: { ($0 as? LoaderError)?.code == .newerFormat }
    }

    @Test("has lost nothing when the disk was full or somebody kept the lock, and says that it may pass")
    func transient() throws {
        let database = try folder.openMES()
        let target = SQLiteTarget(database)
        let feeder = try Feeder(target)
        try feeder.relations()
        let note = String(repeating: "x", count: 100_000)
        try database.execute("PRAGMA max_page_count = 20")
        #expect { try feeder.transaction(WorkOrders.insert("WO-1", op: 1, note: note)) } throws: {
            let error = $0 as? LoaderError
            return error?.code == .noSpace && error?.isTransient == true
        }
        try feeder.writer.rollBack()
        try database.execute("PRAGMA max_page_count = 100000")
        let other = try folder.openMES()
        try other.begin()
        #expect { try feeder.writer.claim() } throws: { ($0 as? LoaderError)?.isTransient == true }
        try other.rollBack()
        try feeder.writer.claim()
        try feeder.transaction(WorkOrders.insert("WO-1", op: 1, note: note))
        #expect(try folder.rows("SELECT length(note) FROM operation") == [[.integer(100_000)]])
    }

    @Test("takes the same changes again without a difference")
    func again() throws {
        let feeder = try Feeder(target())
        try feeder.relations()
        let changes = [
            WorkOrders.insert("A"), WorkOrders.delete("A"), WorkOrders.insert("B"), WorkOrders.insert("B", qty: "2"),
        ]
        try feeder.stage(changes)
        try feeder.writer.commit()
        try feeder.stage(changes)
        try feeder.writer.commit()
        #expect(try orders() == ["B 2"])
    }
}
