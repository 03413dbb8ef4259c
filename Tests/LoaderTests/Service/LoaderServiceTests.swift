import ChangeEvents
import EdgeBroker
import EdgeBrokerTesting
import Foundation
import Logging
import RecordFormat
import SQLiteClient
import Testing

@testable import Loader

@Suite("A loader service") struct LoaderServiceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func configuration(
        rowsPerCommit: Int = 5000, tables: [TableMapping] = WorkOrders.mappings
    ) -> LoaderConfiguration {
        var configuration = LoaderConfiguration(
            flow: "erp-to-mes", slot: SourceLogFeed.slot, target: .sqlite(path: folder.mesPath), tables: tables)
        configuration.rowsPerCommit = rowsPerCommit
        // A batch is bounded by its rows alone, so that tests do not depend on time.
        configuration.commitDelay = .seconds(3600)
        return configuration
    }

    /// Loads until the index is loaded up to `end`, then stops the service, which must end cleanly.
    @discardableResult
    private func load(
        _ feed: SourceLogFeed, upTo end: Int64, _ configuration: LoaderConfiguration? = nil
    ) async throws -> [LoaderProgress] {
        let configuration = configuration ?? self.configuration()
        let (reports, continuation) = AsyncStream.makeStream(of: LoaderProgress.self)
        let executor = ThreadExecutor(name: "test")
        defer { executor.stop() }
        let session = LoadSession(configuration, feed.broker, from: LoaderProgress(), on: executor) {
            continuation.yield($0)
        }
        let path = folder.mesPath
        let task = Task {
            defer { continuation.finish() }
            try await session.run { () throws(LoaderError) in try SQLiteTarget(path: path) }
        }
        var seen: [LoaderProgress] = []
        for await report in reports {
            seen.append(report)
            if report.nextIndexOffset >= Offset(end) { task.cancel() }
        }
        try await task.value
        return seen
    }

    private func orders() throws -> [SQLiteValue] {
        try folder.rows("SELECT no FROM work_order ORDER BY no").map { $0[0] }
    }

    @Test("tells the log what the target has: until then nothing may be deleted, and then no more than that")
    func tells() async throws {
        try folder.openMES().execute(WorkOrders.schema)
        let feed = try await SourceLogFeed(folder)
        try await feed.relations()
        let rows = TopicPartition(topic: "erp.orders", partition: 0)
        func delete(below offset: Int64) async -> BrokerError.Code? {
            feed.broker.maintain()
            do throws(BrokerError) {
                try await feed.broker.admin.deleteRecords(rows, below: Offset(offset))
                return nil
            } catch {
                return error.code
            }
        }
        for number in 1...2 { try await feed.transaction(UInt64(number), [WorkOrders.insert("\(number)")]) }
        #expect(await delete(below: 1) == .recordsNeeded)
        try await load(feed, upTo: 4)
        for number in 3...4 { try await feed.transaction(UInt64(number), [WorkOrders.insert("\(number)")]) }
        #expect(await delete(below: 3) == .recordsNeeded)
        #expect(await delete(below: 2) == nil)
        await feed.broker.close()
    }

    @Test("applies a transaction's changes in their order across topics, and foreign keys hold")
    func order() async throws {
        try folder.openMES().execute(WorkOrders.schema)
        let feed = try await SourceLogFeed(folder)
        try await feed.relations()
        try await feed.transaction(
            10,
            [
                WorkOrders.insert("A", op: 1), WorkOrders.insert("A"), WorkOrders.insert("A", op: 2),
                WorkOrders.insert("B"),
            ])
        try await feed.transaction(
            20,
            [
                WorkOrders.delete("A"), WorkOrders.delete("A", op: 1), WorkOrders.delete("A", op: 2),
                WorkOrders.insert("A", op: 3), WorkOrders.insert("A"),
            ])
        try await feed.index(.position(endLSN: LSN(99)))
        let reports = try await load(feed, upTo: 5)
        #expect(try folder.rows("SELECT * FROM operation") == [[.text("A"), .integer(3), .text("")]])
        #expect(try orders() == [.text("A"), .text("B")])
        let last = try #require(reports.last)
        #expect(last.rows == 9 && last.transactions == 2 && last.endLSN == LSN(99) && last.lastCommitTime == 20)
        #expect(last.commits == 1)
        await feed.broker.close()
    }

    @Test("goes on where it was, and a second run of the same log changes nothing")
    func restarts() async throws {
        let feed = try await SourceLogFeed(folder)
        try await feed.relations()
        for number in 1...40 {
            try await feed.transaction(
                UInt64(number),
                [WorkOrders.insert("\(number % 7)", qty: "\(number)"), WorkOrders.insert("\(number % 7)", op: number)])
        }
        for end in [1, 2, 3, 17, 42] as [Int64] { try await load(feed, upTo: end, configuration(rowsPerCommit: 1)) }
        let before =
            try folder.rows("SELECT * FROM work_order ORDER BY no")
            + folder.rows("SELECT * FROM operation ORDER BY no, op")
        #expect(before.count == 7 + 40)
        let reports = try await load(feed, upTo: 42)
        #expect(reports.last?.rows == 0)
        try folder.openMES().execute("UPDATE edgebroker_position SET next_offset = 0, checksum = 0")
        try await load(feed, upTo: 42)
        #expect(
            try folder.rows("SELECT * FROM work_order ORDER BY no")
                + folder.rows("SELECT * FROM operation ORDER BY no, op") == before)
        await feed.broker.close()
    }

    @Test("takes a transaction of many batches and topics without leaving one of its changes")
    func large() async throws {
        let feed = try await SourceLogFeed(folder)
        try await feed.relations()
        let note = String(repeating: "n", count: 500)
        try await feed.transaction(
            1, (0..<4000).flatMap { [WorkOrders.insert("\($0)"), WorkOrders.insert("\($0)", op: 1, note: note)] })
        try await load(feed, upTo: 3)
        #expect(
            try folder.rows("SELECT (SELECT count(*) FROM work_order), (SELECT count(*) FROM operation)") == [
                [.integer(4000), .integer(4000)]
            ])
        await feed.broker.close()
    }

    @Test("loads what came before a row that it cannot load, and stops with one line that names it")
    func badRow() async throws {
        try folder.openMES().execute(
            """
            CREATE TABLE work_order (no TEXT PRIMARY KEY, qty TEXT);
            CREATE TRIGGER superstition BEFORE INSERT ON work_order WHEN new.qty = '13'
            BEGIN SELECT RAISE(ABORT, 'thirteen is refused'); END
            """)
        let feed = try await SourceLogFeed(folder)
        try await feed.relations()
        for (number, quantity) in ["1", "2", "13", "4"].enumerated() {
            try await feed.transaction(UInt64(number), [WorkOrders.insert("WO-\(number)", qty: quantity)])
        }
        for _ in 0..<2 {
            do {
                try await load(feed, upTo: 6)
                Issue.record("The bad row was loaded")
            } catch let error as LoaderError {
                #expect(
                    error.code == .row && error.description.contains("flow erp-to-mes: table work_order, row no=WO-2: ")
                )
                #expect(error.description.contains("thirteen is refused") && !error.description.contains("\n"))
            }
            #expect(try orders() == [.text("WO-0"), .text("WO-1")])
        }
        try folder.openMES().execute("DROP TRIGGER superstition")
        try await load(feed, upTo: 6)
        #expect(try orders().count == 4)
        await feed.broker.close()
    }

    @Test("loads a snapshot that began twice, and keeps the foreign keys from its end on")
    func snapshot() async throws {
        try folder.openMES().execute(WorkOrders.schema + "INSERT INTO work_order VALUES ('OLD', '1')")
        let feed = try await SourceLogFeed(folder)
        try await feed.relations()
        let topics = WorkOrders.mappings.map(\.topic)
        try await feed.index(.snapshotBegin(id: 1, topics: topics, consistentPoint: LSN(1)))
        try await feed.chunk(1, [WorkOrders.snapshot("GONE"), WorkOrders.snapshot("A", op: 1)])
        try await load(feed, upTo: 4)
        try await feed.index(.snapshotBegin(id: 2, topics: topics, consistentPoint: LSN(5)))
        try await feed.chunk(2, [WorkOrders.snapshot("A", op: 1)])
        let middle = try await load(feed, upTo: 6)
        #expect(middle.last?.isInSnapshot == true)
        try await feed.chunk(2, [WorkOrders.snapshot("A")])
        try await feed.index(.snapshotEnd(id: 2, consistentPoint: LSN(5)))
        try await feed.transaction(6, [WorkOrders.insert("B")])
        let end = try await load(feed, upTo: 9)
        #expect(end.last?.isInSnapshot == false)
        #expect(try orders() == [.text("A"), .text("B")])
        #expect(try folder.rows("PRAGMA foreign_key_check").isEmpty)
        await feed.broker.close()
    }

    @Test(
        "stops when the log is not the one that was loaded",
        arguments: ["next_offset = 99", "checksum = 1", "log_id = 'other'"])
    func foreignLog(change: String) async throws {
        let feed = try await SourceLogFeed(folder)
        try await feed.relations()
        try await load(feed, upTo: 2)
        try folder.openMES().execute("UPDATE edgebroker_position SET \(change)")
        await #expect(
            performing: { try await load(feed, upTo: 2) }, throws: { ($0 as? LoaderError)?.code == .foreignLog })
        await feed.broker.close()
    }

    @Test(
        "loads the rows from before and after each change of a table in one transaction, also when it stops between them",
        arguments: [true, false], [true, false])
    func altered(takesAllColumns: Bool, stops: Bool) async throws {
        let orders = WorkOrders.mappings[0]
        let columns = takesAllColumns ? nil : [TableMapping.Column(name: "no", expression: "no")]
        let configuration = configuration(
            rowsPerCommit: 1,
            tables: [
                TableMapping(source: orders.source, topic: orders.topic, target: orders.target, columns: columns)
            ])
        let quantity = WorkOrders.orders.columns[1]
        let spec = ERP.column("spec", "jsonb", .json)
        func description(_ columns: ColumnDescription...) -> TableDescription {
            TableDescription(
                table: orders.source, identity: .default, columns: [WorkOrders.orders.columns[0]] + columns)
        }
        func insert(_ no: String, _ fields: Field...) -> (String, ChangeEvent) {
            (orders.topic, ERP.change(.create, WorkOrders.orders, after: [Field("no", .text(no))] + fields))
        }
        let feed = try await SourceLogFeed(folder)
        try await feed.index(.relation(topic: orders.topic, description: description(quantity).encoded))
        try await feed.transaction(10, [WorkOrders.insert("A"), WorkOrders.insert("B")])
        try await feed.index(.relation(topic: orders.topic, description: description(quantity, spec).encoded))
        try await feed.index(.relation(topic: orders.topic, description: description().encoded))
        if stops {
            let reports = try await load(feed, upTo: 2, configuration)
            #expect(reports.last?.nextIndexOffset == Offset(2))
        }
        try await feed.transaction(
            20,
            [
                WorkOrders.insert("C", qty: "3"), WorkOrders.delete("A"),
                insert("D", Field("qty", .text("4")), Field("spec", .json("\"x\""))), insert("E"),
            ])
        try await feed.transaction(30, [insert("F"), WorkOrders.delete("B")])
        try await load(feed, upTo: 6, configuration)
        #expect(try self.orders() == ["C", "D", "E", "F"].map { .text($0) })
        if takesAllColumns {
            #expect(
                try folder.rows("SELECT qty, spec FROM work_order ORDER BY no") == [
                    [.text("3"), .null], [.text("4"), .text("\"x\"")], [.null, .null], [.null, .null],
                ])
        }
        await feed.broker.close()
    }

    @Test("waits while another program keeps the target locked, says so, and ends cleanly while it waits")
    func locked() async throws {
        let feed = try await SourceLogFeed(folder)
        try await feed.relations()
        try await load(feed, upTo: 2)
        try await feed.transaction(1, [WorkOrders.insert("A")])
        let other = try folder.openMES()
        try other.begin()
        var configuration = configuration()
        configuration.firstPause = .milliseconds(1)
        configuration.busyTimeout = .zero
        let service = LoaderService(configuration, broker: feed.broker, logger: Logger(label: "test"))
        let task = Task { try await service.run() }
        while service.progress.waitingFor?.code != .busy { await Task.yield() }
        try other.rollBack()
        while service.progress.nextIndexOffset < Offset(3) { await Task.yield() }
        #expect(try orders() == [.text("A")])
        #expect(service.progress.waitingFor == nil)
        task.cancel()
        try await task.value
        await feed.broker.close()
    }

    @Test("waits for a target whose disk went away, and makes no new one in its place", arguments: [true, false])
    func unmounted(leavesMountPoint: Bool) async throws {
        let (disk, elsewhere) = (folder.path + "/disk", folder.path + "/elsewhere")
        let files = FileManager.default
        try files.createDirectory(atPath: disk, withIntermediateDirectories: false)
        var configuration = LoaderConfiguration(
            flow: "erp-to-mes", slot: SourceLogFeed.slot, target: .sqlite(path: disk + "/mes.db"),
            tables: WorkOrders.mappings)
        configuration.firstPause = .milliseconds(1)
        configuration.busyTimeout = .zero
        let feed = try await SourceLogFeed(folder)
        try await feed.relations()
        // Keeps the service at opening the target again and again.
        let other = try SQLiteDatabase(path: disk + "/mes.db", busyTimeout: .zero)
        try other.begin()
        let service = LoaderService(configuration, broker: feed.broker, logger: Logger(label: "test"))
        let (failures, continuation) = AsyncStream.makeStream(of: (any Error).self)
        let task = Task {
            do { try await service.run() } catch { continuation.yield(error) }
            continuation.finish()
        }
        while service.progress.waitingFor?.code != .busy { await Task.yield() }
        try files.moveItem(atPath: disk, toPath: elsewhere)
        if leavesMountPoint { try files.createDirectory(atPath: disk, withIntermediateDirectories: false) }
        var patience = Patience()
        while service.progress.waitingFor?.code != .storage, patience.lasts() { await Task.yield() }
        #expect(service.progress.waitingFor?.message.contains("mes.db") == true)
        #expect(service.progress.waitingFor?.code == .storage)
        #expect(!files.fileExists(atPath: disk + "/mes.db"))
        if leavesMountPoint { try files.removeItem(atPath: disk) }
        try files.moveItem(atPath: elsewhere, toPath: disk)
        try other.rollBack()
        patience = Patience()
        while service.progress.nextIndexOffset < Offset(2), patience.lasts() { await Task.yield() }
        #expect(service.progress.nextIndexOffset == Offset(2))
        task.cancel()
        for await failure in failures { Issue.record("\(failure)") }
        await feed.broker.close()
    }
}
