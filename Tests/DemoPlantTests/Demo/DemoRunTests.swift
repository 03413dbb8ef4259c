import DemoPlant
import Dispatch
import Foundation
import PostgresClient
import SQLiteClient
import Synchronization
import Testing

@Suite("The demonstration")
struct DemoRunTests {
    @Test("ends equal over a pipeline that keeps up, and leaves no folder behind")
    func endsEqual() throws {
        var demo = DemoRun()
        demo.seconds = 4
        var lines: [String] = []
        var folder = ""
        let outcome = try demo.run(isInterrupted: { false }, line: { lines.append($0) }, talk: { _ in }) { site in
            folder = site.configuration
            return try CopyingPipeline(site)
        }
        #expect(outcome.isEqual)
        #expect(outcome.summary.hasPrefix("equal, ") && outcome.summary.hasSuffix(" rows in 5 tables"))
        #expect(outcome.looks > 50)
        #expect(lines.count == 4 && lines.allSatisfy { $0.hasSuffix(" ms behind") })
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test(
        "ends different when rows are changed on the way, or half a transaction is seen", arguments: Sabotage.allCases)
    func endsDifferent(sabotage: Sabotage) throws {
        var demo = DemoRun()
        demo.seconds = 1
        let outcome = try demo.run(isInterrupted: { false }, line: { _ in }, talk: { _ in }) { site in
            try CopyingPipeline(site, sabotage)
        }
        #expect(!outcome.isEqual)
        #expect(outcome.summary.hasPrefix("different, "))
    }

    @Test("keeps a folder that it is given, and refuses one with something in it")
    func keepsFolder() throws {
        let folder = "/tmp/edgebroker-kept-\(UInt32.random(in: 0...UInt32.max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var demo = DemoRun()
        demo.seconds = 1
        demo.directory = folder
        _ = try demo.run(isInterrupted: { false }, line: { _ in }, talk: { _ in }, start: { try CopyingPipeline($0) })
        let content = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(Set(content).isSuperset(of: ["edgebroker.yaml", "erp-to-mes.yaml", "mes.db", "erp"]))
        #expect(throws: DemoError.self) {
            try demo.run(isInterrupted: { false }, line: { _ in }, talk: { _ in }, start: { try CopyingPipeline($0) })
        }
    }

    @Test("stops when somebody interrupts it")
    func isInterruptible() throws {
        let error = #expect(throws: DemoError.self) {
            try DemoRun().run(
                isInterrupted: { true }, line: { _ in }, talk: { _ in }, start: { try CopyingPipeline($0) })
        }
        #expect(error?.code == .interrupted)
    }
}

enum Sabotage: CaseIterable {
    case wrongRow, halfTransaction
}

/// Carries the ERP's state into the MES again and again, whole. Too slow for a plant, and right.
private final class CopyingPipeline: DemoPipeline, Sendable {
    private struct State {
        var isStopped = false
        var copies = 0
        var failure: (any Error)?
    }

    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)
    private let sabotage: Sabotage?

    var captured: Int { state.withLock { $0.copies } }
    var loaded: Int { captured }
    var failure: (any Error)? { state.withLock { $0.failure } }

    init(_ site: DemoSite, _ sabotage: Sabotage? = nil) throws {
        self.sabotage = sabotage
        let folder = (site.configuration as NSString).deletingLastPathComponent
        let flow = try String(contentsOfFile: folder + "/erp-to-mes.yaml", encoding: .utf8)
        let line = try #require(flow.split(separator: "\n").first { $0.contains("postgres: ") })
        let conninfo = line.split(separator: "\"")[1]
        Thread { self.run(String(conninfo), site.mes) }.start()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        ended.wait()
    }

    private func run(_ conninfo: String, _ path: String) {
        defer { ended.signal() }
        do {
            let erp = try PostgresConnection(conninfo)
            let mes = try SQLiteDatabase(path: path)
            try mes.execute("create table edgebroker_position (flow text primary key, end_lsn text)")
            while !state.withLock({ $0.isStopped }) {
                try copy(erp, mes)
                state.withLock { $0.copies += 1 }
            }
        } catch {
            state.withLock { $0.failure = error }
        }
    }

    private func copy(_ erp: PostgresConnection, _ mes: SQLiteDatabase) throws {
        let position = try erp.query("select pg_current_wal_insert_lsn()").single ?? ""
        let rows = try ExpectedRows(erp)
        try mes.transaction { () throws(SQLiteError) in
            for table in rows.tableNames {
                try mes.execute("delete from \(table)")
                for row in rows.rows(of: table) {
                    let marks = row.map { _ in "?" }.joined(separator: ", ")
                    try mes.prepare("insert into \(table) values (\(marks))").run(
                        row.map { $0.map { .text($0) } ?? .null })
                }
            }
            if sabotage == .wrongRow { try mes.execute("update material set description = 'X' where rowid = 1") }
            try mes.execute("insert or replace into edgebroker_position values ('erp-to-mes', '\(position)')")
        }
        // Stays until the next copy has read the whole ERP, and many looks fall into that.
        if sabotage == .halfTransaction {
            try mes.execute("update production_order set planned_minutes = planned_minutes + 1")
        }
    }
}
