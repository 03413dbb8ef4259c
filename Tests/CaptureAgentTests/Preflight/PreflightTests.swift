import CaptureAgent
import ChangeEvents
import EdgeBroker
import RecordFormat
import Testing

@Suite("Before anything is made, capture")
struct PreflightTests {
    private static let items = TableName(schema: "erp", name: "items")
    private static let lines = TableName(schema: "erp", name: "bom lines")

    private static var facts: SourceFacts {
        SourceFacts(
            serverVersion: 150_020, walLevel: "logical", encoding: "UTF8", role: "cap", database: "erp",
            system: .init(systemID: "7301", timeline: 1),
            tables: [.init(oid: 1, name: items), .init(oid: 2, name: lines)])
    }

    private static func run(
        _ state: SourceState = SourceState(), _ change: (inout SourceFacts) -> Void = { _ in }
    ) throws(CaptureError) -> Preflight {
        var facts = facts
        change(&facts)
        let configuration = CaptureConfiguration(
            connection: "password=secret", slot: "mes", tables: [items, TableName(schema: "erp", name: "bom lines")])
        return try Preflight(facts, configuration, state)
    }

    private static func refusal(
        _ state: SourceState = SourceState(), _ change: (inout SourceFacts) -> Void
    ) -> CaptureError? {
        do throws(CaptureError) {
            _ = try run(state, change)
            return nil
        } catch {
            return error
        }
    }

    @Test("plans a publication of exactly the tables, and a slot")
    func plans() throws {
        let preflight = try Self.run()
        #expect(
            preflight.publicationStatements == [
                #"CREATE PUBLICATION "mes" FOR TABLE ONLY "erp"."bom lines", ONLY "erp"."items" "#
                    + "WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)"
            ])
        #expect(preflight.slot == .create)
    }

    @Test("leaves an exact publication alone, and makes another exact")
    func adjustsPublication() throws {
        var publication = SourceFacts.Publication()
        publication.tables = [1, 2]
        publication.isOwned = false
        #expect(try Self.run { $0.publication = publication }.publicationStatements.isEmpty)
        publication.isOwned = true
        publication.tables = [1, 2, 3]
        publication.publishesEverything = false
        #expect(
            try Self.run { $0.publication = publication }.publicationStatements == [
                #"ALTER PUBLICATION "mes" SET TABLE ONLY "erp"."bom lines", ONLY "erp"."items""#,
                #"ALTER PUBLICATION "mes" SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)"#,
            ])
        publication.tables = [1, 2]
        publication.publishesEverything = true
        publication.restricted = [2]
        #expect(try Self.run { $0.publication = publication }.publicationStatements.count == 1)
    }

    typealias Case = (
        what: String, change: @Sendable (inout SourceFacts) -> Void, code: CaptureError.Code, exit: Int32, text: String
    )

    private static let cases: [Case] = [
        ("an old server", { $0.serverVersion = 130_005 }, .serverTooOld, 78, "PostgreSQL 13"),
        ("wal_level", { $0.walLevel = "replica" }, .serverSettings, 78, "ALTER SYSTEM SET wal_level = 'logical'"),
        ("no encoding", { $0.encoding = "SQL_ASCII" }, .encoding, 78, "SQL_ASCII"),
        ("no slot left", { $0.slotsInUse = 10 }, .serverSettings, 78, "max_replication_slots"),
        (
            "a missing table",
            {
                $0.tables.removeLast()
                $0.allTables = [TableName(schema: "erp", name: "bom line"), TableName(schema: "erp", name: "items")]
            }, .missingTable, 78,
            #"no table erp."bom lines" (did you mean erp."bom line"?)"#
        ),
        ("a view", { $0.tables[0].kind = "v" }, .unusableTable, 78, "erp.items is a view"),
        ("an unlogged table", { $0.tables[0].persistence = "u" }, .unusableTable, 78, "SET LOGGED"),
        (
            "a partition beside its parent", { $0.tables[0].ancestors = [2] }, .unusableTable, 78,
            #"erp.items is a partition of erp."bom lines""#
        ),
        (
            "no right to read", { $0.tables[1].isReadable = false }, .refused, 77,
            #"GRANT SELECT ON "erp"."bom lines" TO "cap""#
        ),
        (
            "no primary key", { $0.tables[0].hasPrimaryKey = false }, .replicaIdentity, 78,
            #"Run ALTER TABLE "erp"."items" REPLICA IDENTITY FULL."#
        ),
        (
            "no primary key but an index",
            {
                $0.tables[0].hasPrimaryKey = false
                $0.tables[0].candidateIndex = "items_no"
            }, .replicaIdentity, 78, #"REPLICA IDENTITY USING INDEX "items_no"."#
        ),
        ("identity nothing", { $0.tables[0].identity = .nothing }, .replicaIdentity, 78, "REPLICA IDENTITY DEFAULT."),
        ("an index that is gone", { $0.tables[0].identity = .index }, .replicaIdentity, 78, "whose index is gone"),
        (
            "no right to publish", { $0.mayCreateInDatabase = false }, .refused, 77,
            #"Run as the owner: CREATE PUBLICATION "mes" FOR TABLE ONLY"#
        ),
        ("foreign tables", { $0.tables[0].isOwned = false }, .refused, 77, "may not create publication mes"),
        (
            "somebody else's publication",
            {
                $0.publication = .init()
                $0.publication?.isOwned = false
            }, .refused, 77, "Run as the owner: ALTER PUBLICATION"
        ),
        (
            "FOR ALL TABLES",
            {
                $0.publication = .init()
                $0.publication?.isForAllTables = true
            }, .publication, 78, "ALL TABLES"
        ),
        (
            "a schema's publication",
            {
                $0.publication = .init()
                $0.publication?.hasSchemas = true
            }, .publication, 78, "all tables of a schema"
        ),
        (
            "a foreign slot", { $0.slot = .init(database: "erp", confirmed: LSN(5)) }, .foreignSlot, 65,
            "a replication slot mes that this log never made"
        ),
    ]

    @Test("refuses what cannot be captured, each in one line with its remedy", arguments: cases.indices)
    func refuses(index: Int) throws {
        let expected = Self.cases[index]
        let error = try #require(Self.refusal(SourceState(), expected.change), "\(expected.what)")
        #expect(error.code == expected.code && error.exitCode == expected.exit, "\(expected.what): \(error)")
        #expect(error.description.contains(expected.text), "\(expected.what): \(error)")
        #expect(!error.description.contains("\n") && !error.description.contains("secret"))
    }

    // MARK: The publication of a slot that is resumed

    private static func resumed(
        described: [String], tables: Set<UInt32>?, _ change: (inout SourceFacts) -> Void = { _ in }
    ) throws(CaptureError) -> Preflight {
        var state = state(.finished, position: 200)
        for topic in described { state.relations[topic] = [1] }
        return try run(state) { facts in
            facts.slot = .init(database: "erp", confirmed: LSN(200))
            facts.publication = tables.map { tables in
                var publication = SourceFacts.Publication()
                publication.tables = tables
                return publication
            }
            change(&facts)
        }
    }

    private static var topics: [String] {
        get throws {
            let configuration = CaptureConfiguration(connection: "", slot: "mes", tables: [items, lines])
            return try configuration.captured().map(\.topic)
        }
    }

    @Test("publishes a table that is new to the flow, and goes on")
    func publishesNewTables() throws {
        let preflight = try Self.resumed(described: [try Self.topics[0]], tables: [1])
        #expect(preflight.slot == .resume(LSN(200)))
        #expect(preflight.publicationStatements.map { $0.hasPrefix("ALTER PUBLICATION") } == [true])
    }

    private typealias Gap = (
        what: String, tables: Set<UInt32>?, change: @Sendable (inout SourceFacts) -> Void, text: String
    )
    private static let gaps: [Gap] = [
        ("no publication", nil, { _ in }, "Publication mes is gone"),
        ("a table made anew", [2, 9], { _ in }, "does not have erp.items"),
        ("no deletes", [1, 2], { $0.publication?.publishesEverything = false }, "does not publish every"),
        ("a row filter", [1, 2], { $0.publication?.restricted = [2] }, #"only a part of erp."bom lines""#),
        (
            "partitions by themselves", [1, 2],
            {
                $0.tables[0].kind = "p"
                $0.publication?.publishesViaRoot = false
            }, "partitions of erp.items"
        ),
        (
            "all tables", [],
            {
                $0.publication?.isForAllTables = true
            }, "does not have erp.items"
        ),
    ]

    @Test("does not put back what was not published for a while: changes are missing", arguments: gaps.indices)
    func refusesGaps(index: Int) throws {
        let gap = Self.gaps[index]
        let topics = try Self.topics
        let error = #expect(throws: CaptureError.self, "\(gap.what)") {
            _ = try Self.resumed(described: topics, tables: gap.tables, gap.change)
        }
        #expect(error?.code == .publicationGap && error?.exitCode == 65, "\(gap.what): \(String(describing: error))")
        #expect(error?.message.contains(gap.text) == true, "\(gap.what): \(String(describing: error))")
        #expect(error?.remedy.contains("an empty data directory, with another slot name") == true)
    }

    @Test("takes a publication that shows partitions as themselves, while no captured table has any")
    func toleratesPartitions() throws {
        var publication = SourceFacts.Publication()
        publication.tables = [1, 2]
        publication.publishesViaRoot = false
        publication.isOwned = false
        #expect(try Self.run { $0.publication = publication }.publicationStatements.isEmpty)
        publication.isOwned = true
        let statements = try Self.run {
            $0.publication = publication
            $0.tables[1].kind = "p"
        }.publicationStatements
        #expect(statements.count == 1)
    }

    // MARK: The slot

    private static func state(_ snapshot: SourceState.Snapshot, position: UInt64?) -> SourceState {
        var state = SourceState()
        state.intent = SourceIntent(slot: "mes", systemID: "7301", timeline: 1)
        state.snapshot = snapshot
        state.position = position.map { LSN($0) }
        return state
    }

    @Test("goes on from the log's position, not from the slot's")
    func resumes() throws {
        for confirmed: UInt64 in [100, 200] {
            let preflight = try Self.resumed(described: try Self.topics, tables: [1, 2]) { facts in
                facts.slot?.confirmed = LSN(confirmed)
                facts.system.walEnd = LSN(200)
            }
            #expect(preflight.slot == .resume(LSN(200)) && preflight.publicationStatements.isEmpty)
        }
    }

    @Test(
        "begins a snapshot anew that was never whole", arguments: [.none, .unfinished(id: 3)] as [SourceState.Snapshot])
    func beginsAnew(snapshot: SourceState.Snapshot) throws {
        let state = Self.state(snapshot, position: nil)
        #expect(try Self.run(state).slot == .create)
        #expect(
            try Self.run(state) { $0.slot = .init(database: "erp", confirmed: LSN(900)) }.slot == .dropAndCreate)
    }

    private static let slotCases: [Case] = [
        ("a source that was put back", { $0.system.walEnd = LSN(199) }, .sourceBehind, 65, "at 0/C7, before 0/C8"),
        ("a slot ahead", { $0.slot?.confirmed = LSN(201) }, .slotAhead, 65, "Slot mes is at 0/C9, ahead of 0/C8"),
        ("a slot that is gone", { $0.slot = nil }, .slotLost, 65, "slot mes is gone"),
        ("a slot without its WAL", { $0.slot?.walStatus = "lost" }, .slotLost, 65, "max_slot_wal_keep_size"),
        ("a slot in use", { $0.slot?.activeProcess = 4711 }, .slotBusy, 75, "server process 4711"),
        ("another plug-in", { $0.slot?.plugin = "wal2json" }, .foreignSlot, 65, "not for pgoutput"),
        ("another database", { $0.slot?.database = "crm" }, .foreignSlot, 65, "database erp"),
        ("another cluster", { $0.system.systemID = "9" }, .otherSystem, 65, "cluster 9"),
        ("another timeline", { $0.system.timeline = 2 }, .otherSystem, 65, "timeline 2"),
    ]

    @Test("refuses a slot that does not belong to what the log has", arguments: slotCases.indices)
    func refusesSlots(index: Int) throws {
        let expected = Self.slotCases[index]
        let error = try #require(
            Self.refusal(Self.state(.finished, position: 200)) { facts in
                facts.slot = .init(database: "erp", confirmed: LSN(200))
                expected.change(&facts)
            }, "\(expected.what)")
        #expect(error.code == expected.code && error.exitCode == expected.exit, "\(expected.what): \(error)")
        #expect(error.description.contains(expected.text), "\(expected.what): \(error)")
    }

    @Test("never drops a slot that somebody is using, even of an unfinished snapshot")
    func leavesBusySlots() {
        let error = Self.refusal(Self.state(.unfinished(id: 1), position: nil)) { facts in
            facts.slot = .init(database: "erp", confirmed: LSN(1))
            facts.slot?.activeProcess = 12
        }
        #expect(error?.code == .slotBusy)
    }

    @Test("tells apart what a person must change from what passes by itself")
    func knowsWhatPasses() {
        let transient = CaptureError.Code.allCases.filter { CaptureError($0, "", remedy: "").isTransient }
        #expect(Set(transient) == [.slotBusy, .unreachable, .protocolViolation, .logUnavailable])
    }
}
