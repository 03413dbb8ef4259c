import ChangeEvents
import RecordFormat
import Testing

@Suite("A change in the plain format")
struct PlainEncoderTests {
    private static let table = Rows.table([
        ("wo_no", .character, true), ("qty", .decimal, false), ("due", .temporal, false), ("open", .boolean, false),
        ("spec", .character, false),
    ])
    private static let head =
        #","table":"erp.work_orders","lsn":"0/1A2B3C8","seq":4,"xid":7311,"ts":"2026-11-22T06:00:00.123456Z""#

    private static func check(
        _ operation: ChangeEvent.Operation, before: [String?]? = nil, after: [String?]? = nil,
        adjust: (inout TextTuple?, inout TextTuple?) -> Void = { _, _ in }
    ) -> (value: String, key: String?) {
        var rows = Rows()
        var old = before.map { rows.tuple($0) }
        var new = after.map { rows.tuple($0) }
        adjust(&old, &new)
        let row = rows.encode(RowChange(operation: operation, sequence: 4, before: old, after: new), of: table)
        return (String(decoding: row.value, as: UTF8.self), row.key.map { String(decoding: $0, as: UTF8.self) })
    }

    @Test("of an update is DESIGN's example")
    func update() {
        let row = Self.check(
            .update, before: ["WO-4711", nil, nil, nil, nil], after: ["WO-4711", "12.500", "2026-12-01", "t", nil]
        ) { old, new in
            old = old.map { TextTuple([$0.cells[0], .absent, .absent, .absent, .absent]) }
            new?.cells[4] = .unchanged
        }
        #expect(
            row.value
                == #"{"op":"u""# + Self.head + #","key":{"wo_no":"WO-4711"},"before":{"wo_no":"WO-4711"},"#
                + #""after":{"wo_no":"WO-4711","qty":"12.500","due":"2026-12-01","open":true},"unchanged":["spec"]}"#)
        #expect(row.key == #"{"wo_no":"WO-4711"}"#)
    }

    @Test("of an insert has no before, and tells NULL apart from absent")
    func insert() {
        let row = Self.check(.create, after: ["WO-1", nil, nil, "f", ""])
        #expect(
            row.value
                == #"{"op":"c""# + Self.head
                + #","key":{"wo_no":"WO-1"},"after":{"wo_no":"WO-1","qty":null,"due":null,"open":false,"spec":""}}"#)
    }

    @Test("of a delete has the old key and no after")
    func delete() {
        let row = Self.check(.delete, before: ["WO-1", "1", nil, nil, nil])
        #expect(
            row.value
                == #"{"op":"d""# + Self.head
                + #","key":{"wo_no":"WO-1"},"before":{"wo_no":"WO-1","qty":"1","due":null,"open":null,"spec":null}}"#)
        #expect(row.key == #"{"wo_no":"WO-1"}"#)
    }

    @Test("that truncates has neither key nor row")
    func truncate() {
        let row = Self.check(.truncate)
        #expect(row.value == #"{"op":"t""# + Self.head + "}")
        #expect(row.key == nil)
    }

    @Test("of a table without key has none, and a snapshot row no transaction")
    func snapshotWithoutKey() {
        var rows = Rows()
        let change = RowChange(operation: .snapshotRow, sequence: 0, after: rows.tuple(["7"]))
        let row = rows.encode(
            change, of: Rows.table([("n", .integer, false)]),
            stamp: EventStamp(lsn: LSN(16), transactionID: nil, commitTime: 0, snapshot: 1))
        #expect(
            String(decoding: row.value, as: UTF8.self)
                == #"{"op":"r","table":"erp.work_orders","lsn":"0/10","seq":0,"ts":"1970-01-01T00:00:00.000000Z","after":{"n":7}}"#
        )
        #expect(row.key == nil)
    }

    @Test("that is a logical message has its prefix and content")
    func message() {
        var encoder = PlainEncoder()
        let row = [UInt8](0...4).withUnsafeBytes {
            encoder.encode(message: $0, prefix: "line \"7\"", sequence: 2, stamp: Rows.stamp)
        }
        #expect(
            String(decoding: row.value, as: UTF8.self)
                == #"{"op":"m","lsn":"0/1A2B3C8","seq":2,"xid":7311,"ts":"2026-11-22T06:00:00.123456Z","#
                + #""message":{"prefix":"line \"7\"","content":"AAECAwQ="}}"#)
        #expect(row.key == nil)
    }

    @Test("is whole also when a value is larger than the buffer, and after it")
    func growsAndShrinks() {
        let large = String(repeating: "\n무", count: 700_000)
        let expected = #""spec":""# + String(repeating: "\\n무", count: 700_000) + #""}}"#
        var encoder = PlainEncoder()
        for text in [large, "x", large] {
            var rows = Rows()
            let change = RowChange(operation: .create, sequence: 0, after: rows.tuple(["k", nil, nil, nil, text]))
            let row = rows.bytes.withUnsafeBytes {
                encoder.encode(change, of: PlainTable(Self.table), stamp: Rows.stamp, in: $0)
            }
            let tail = String(decoding: row.value, as: UTF8.self).suffix(expected.count)
            if text == large { #expect(tail == expected) }
        }
    }
}
