import ChangeEvents
import RecordFormat
import SQLiteClient
import Testing

@testable import Loader

/// Drives a target as the service does, one index record after the other.
final class Feeder {
    let writer: FlowWriter
    private var offset: Int64

    static let identity = LoadIdentity(flow: "f", slot: "s", logID: "log")

    init(_ target: any LoadTarget, _ mappings: [TableMapping] = WorkOrders.mappings, identity: LoadIdentity = identity)
        throws
    {
        writer = FlowWriter(identity, mappings, target)
        try writer.claim()
        offset = writer.position.nextOffset.rawValue
    }

    func relations() throws {
        try writer.keep(relation: WorkOrders.orders.encoded, of: "erp.orders")
        try writer.keep(relation: WorkOrders.operations.encoded, of: "erp.ops")
        try finish()
    }

    /// One source transaction, committed.
    func transaction(_ changes: (String, ChangeEvent)...) throws {
        try stage(changes)
        try writer.commit()
    }

    func stage(_ changes: [(String, ChangeEvent)]) throws {
        for (topic, event) in changes { try writer.apply(event, of: topic) }
        try writer.finishRows()
        try writer.finish(indexOffset: Offset(offset), value: [1], endLSN: LSN(UInt64(offset)), commitTime: offset)
        offset += 1
    }

    func beginSnapshot(_ id: UInt64, _ topics: [String] = ["erp.orders", "erp.ops"]) throws {
        try writer.beginSnapshot(id, topics: topics)
        try finish()
    }

    func endSnapshot(_ id: UInt64) throws {
        try writer.endSnapshot(id)
        try finish()
    }

    private func finish() throws {
        try writer.finish(indexOffset: Offset(offset), value: [2], endLSN: nil, commitTime: nil)
        offset += 1
        try writer.commit()
    }
}

/// What every target must do.
/// - Parameters:
///   - open: a new connection to the same database, in which the tables of ``WorkOrders/schema`` are.
///   - orders: `no` and `qty` of every work order, by `no`.
func checkLoadTarget(open: () throws -> any LoadTarget, orders: () throws -> [String]) throws {
    let feeder = try Feeder(open())
    try feeder.relations()
    try feeder.transaction(
        WorkOrders.insert("WO-1"), WorkOrders.insert("WO-2", qty: "2.50"), WorkOrders.insert("WO-1", op: 10))
    #expect(try orders() == ["WO-1 1.0", "WO-2 2.50"])

    // A cascade, as Postgres decodes it: the parent first. And a key that changed.
    try feeder.transaction(
        WorkOrders.delete("WO-1"), WorkOrders.delete("WO-1", op: 10), WorkOrders.delete("WO-2"),
        WorkOrders.insert("WO-3"))
    #expect(try orders() == ["WO-3 1.0"])

    // What is not committed is not there, and the position neither.
    try feeder.stage([WorkOrders.insert("WO-4")])
    try feeder.writer.rollBack()
    #expect(try orders() == ["WO-3 1.0"])

    // A restart goes on behind the last commit.
    let second = try Feeder(open())
    #expect(second.writer.position.nextOffset == Offset(3))
    #expect(second.writer.position.endLSN == LSN(2))
    try second.transaction(WorkOrders.insert("WO-4"), ("erp.ops", ERP.change(.truncate, WorkOrders.operations)))
    #expect(try orders() == ["WO-3 1.0", "WO-4 1.0"])

    // A row that gets another key keeps what the update does not tell.
    let (topic, gone) = WorkOrders.delete("WO-3")
    var renumbered = ERP.change(.create, WorkOrders.orders, after: [Field("no", .text("WO-9"))], unchanged: ["qty"])
    renumbered.sequence = gone.sequence + 1
    try second.transaction((topic, gone), (topic, renumbered))
    #expect(try orders() == ["WO-4 1.0", "WO-9 1.0"])
    let back = ERP.change(
        .create, WorkOrders.orders, after: [Field("no", .text("WO-3"))], unchanged: ["qty"], sequence: 1)
    try second.transaction(WorkOrders.delete("WO-9"), (topic, back))
    #expect(try orders() == ["WO-3 1.0", "WO-4 1.0"])

    // Who was there before can do no harm any more.
    _ = try Feeder(open())
    #expect { try second.transaction(WorkOrders.insert("WO-5")) } throws: { ($0 as? LoaderError)?.code == .fenced }
    try second.writer.rollBack()
    #expect(try orders() == ["WO-3 1.0", "WO-4 1.0"])

    // A snapshot removes what it did not contain, however often it is interrupted.
    let third = try Feeder(open())
    try third.beginSnapshot(1)
    try third.transaction(WorkOrders.snapshot("WO-6", op: 10), WorkOrders.snapshot("WO-7"))
    let fourth = try Feeder(open())
    try fourth.beginSnapshot(2)
    try fourth.transaction(WorkOrders.snapshot("WO-6", op: 10))
    let fifth = try Feeder(open())
    try fifth.transaction(WorkOrders.snapshot("WO-3"), WorkOrders.snapshot("WO-6"))
    try fifth.endSnapshot(2)
    #expect(try orders() == ["WO-3 1.0", "WO-6 1.0"])
}
