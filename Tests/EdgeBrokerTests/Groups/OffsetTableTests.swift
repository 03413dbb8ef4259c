import EdgeBroker
import RecordFormat
import Testing

@Suite("The table of committed offsets")
struct OffsetTableTests {
    private let partition = TopicPartition(topic: "orders", partition: 0)

    private func record(_ offset: Int64?) -> OffsetCommitRecord {
        OffsetCommitRecord(group: "g", partition: partition, committed: offset.map { CommittedOffset(Offset($0)) })
    }

    private func offset(_ table: OffsetTable) -> Int64? { table.offset(of: "g", partition)?.offset.rawValue }

    @Test("takes a transaction's offsets when it commits, and forgets them when it aborts")
    func transactions() {
        var table = OffsetTable()
        table.apply(record(1), at: Offset(0))
        table.applyPending(record(5), producerID: 1, at: Offset(1))
        table.applyPending(record(6), producerID: 1, at: Offset(2))
        table.applyPending(record(9), producerID: 2, at: Offset(3))
        #expect(offset(table) == 1 && table.pending.contains(group: "g", partition))
        table.complete(producerID: 2, isCommitted: false)
        #expect(offset(table) == 1 && table.pending.contains(group: "g", partition))
        table.complete(producerID: 1, isCommitted: true)
        #expect(offset(table) == 6 && table.pending.isEmpty)
        table.complete(producerID: 1, isCommitted: true)
        #expect(offset(table) == 6)
    }

    @Test("keeps what was committed past a transaction after its record, although the transaction ends later")
    func order() {
        var table = OffsetTable()
        table.applyPending(record(5), producerID: 1, at: Offset(1))
        table.apply(record(7), at: Offset(2))
        table.complete(producerID: 1, isCommitted: true)
        #expect(offset(table) == 7)
    }

    @Test("forgets with an offset what transactions would make of it")
    func tombstones() {
        var table = OffsetTable()
        table.apply(record(1), at: Offset(0))
        table.applyPending(record(5), producerID: 1, at: Offset(1))
        table.apply(record(nil), at: Offset(2))
        #expect(table.groups.isEmpty && table.pending.isEmpty)
        table.complete(producerID: 1, isCommitted: true)
        #expect(offset(table) == nil)
    }
}
