import CaptureAgent
import ChangeEvents
import RecordFormat
import Testing

@Suite("A transaction in the change stream")
struct TransactionMachineTests {
    private static let relations = [Recorded.stateType, Recorded.itemsRelation]

    @Test("becomes its rows in order, after their table's description, and then a commit")
    func inserts() throws {
        var script = MachineScript()
        #expect(
            try script.feed(Self.relations + Recorded.insert) == [
                "describe erp.items",
                #"erp.items {"item_no":"A"} c0 →{item_no=A weight=12.500 spec=xxx state=open}"#,
                #"erp.items {"item_no":"B"} c1 →{item_no=B weight=null spec=é state=null}"#,
                "commit 0/1532C18 0/1532C48 731 2",
            ])
    }

    @Test("says which columns it did not touch, and has no before without one")
    func updates() throws {
        var script = MachineScript()
        try script.feed(Self.relations)
        #expect(
            try script.feed(Recorded.update) == [
                "describe erp.items",
                #"erp.items {"item_no":"A"} u0 →{item_no=A weight=1.000 state=open} unchanged spec"#,
                "commit 0/1532CE8 0/1532D18 732 1",
            ])
    }

    @Test("that changes a key deletes the old one and creates the new, each with its own ordinal")
    func changesKey() throws {
        var script = MachineScript()
        try script.feed(Self.relations)
        #expect(
            try script.feed(Recorded.keyChange) == [
                "describe erp.items",
                #"erp.items {"item_no":"A"} d0 {item_no=A}→"#,
                #"erp.items {"item_no":"C"} c1 →{item_no=C weight=1.000 state=open} unchanged spec"#,
                "commit 0/1532E00 0/1532E30 733 2",
            ])
    }

    @Test("deletes with what the replica identity tells")
    func deletes() throws {
        var script = MachineScript()
        try script.feed(Self.relations)
        #expect(
            try script.feed(Recorded.delete).dropFirst() == [
                #"erp.items {"item_no":"B"} d0 {item_no=B}→"#, "commit 0/1532E70 0/1532EA0 734 1",
            ])
    }

    @Test("is followed by a tombstone of each deleted key if they are wanted")
    func writesTombstones() throws {
        var script = MachineScript(tombstones: true)
        try script.feed(Self.relations)
        #expect(
            try script.feed(Recorded.delete).dropFirst() == [
                #"erp.items {"item_no":"B"} d0 {item_no=B}→"#, #"erp.items {"item_no":"B"} nil"#,
                "commit 0/1532E70 0/1532EA0 734 2",
            ])
    }

    @Test("tells whole old rows under REPLICA IDENTITY FULL, and no key without one")
    func tellsFullRows() throws {
        var script = MachineScript()
        #expect(
            try script.feed(Recorded.full) == [
                "describe erp.logs", "erp.logs nil c0 →{n=1 t=a}", "erp.logs nil u1 {n=1 t=a}→{n=2 t=a}",
                "erp.logs nil d2 {n=2 t=a}→", "commit 0/1532F80 0/1532FB0 735 3",
            ])
    }

    @Test("takes untouched columns from the old row where that has them")
    func fillsFromFullRows() throws {
        var script = MachineScript()
        try script.feed([Recorded.full[0], Recorded.logsRelation])
        // O (1, a), N (2, unchanged)
        let update = Bytes.hex("550000400e4f00027400000001317400000001614e000274000000013275")
        #expect(try script.feed([update]).last == "erp.logs nil u0 {n=1 t=a}→{n=2 t=a}")
    }

    @Test("keeps an update whose old key came though it did not change")
    func keepsUnchangedKey() throws {
        var script = MachineScript()
        try script.feed(Self.relations + [Recorded.keyChange[0]])
        // K (A), N (unchanged, null, null, null): the key is stored out of line.
        let update = Bytes.hex("55000040074b00047400000001416e6e6e4e0004756e6e6e")
        #expect(
            try script.feed([update]).last
                == #"erp.items {"item_no":"A"} u0 {item_no=A}→{item_no=A weight=null spec=null state=null}"#)
    }

    @Test("truncates each table in an event of its own")
    func truncates() throws {
        var script = MachineScript()
        #expect(
            try script.feed(Recorded.truncate) == [
                "describe erp.items", "erp.items nil t0 →", "describe erp.logs", "erp.logs nil t1 →",
                "commit 0/1534380 0/15345C0 736 2",
            ])
    }

    @Test("carries its logical messages to their topic")
    func carriesMessages() throws {
        var script = MachineScript()
        #expect(
            try script.feed(Recorded.message) == [
                "topic mes.messages", "mes.messages nil m0 → line:[104, 105]", "commit 0/1534600 0/1534630 737 1",
            ])
    }

    @Test("is made for a logical message that has none")
    func wrapsMessages() throws {
        var script = MachineScript()
        #expect(
            try script.feed([Recorded.messageOutside], sendTime: 1) == [
                "topic mes.messages", "mes.messages nil m0 → line:[0, 255]", "commit 0/1534670 0/1534670 0 1",
            ])
        #expect(try script.feed([Recorded.messageOutside]).isEmpty)
    }

    @Test("describes a table once, and again when the description has changed")
    func describesOnce() throws {
        var script = MachineScript()
        try script.feed(Self.relations + Recorded.insert)
        #expect(try !script.feed(Self.relations + Recorded.update).contains("describe erp.items"))
        // item_no only.
        let narrower = Bytes.hex("5200004007657270006974656d7300640001016974656d5f6e6f000000041300000018")
        let row = Bytes.hex("49000040074e0001740000000144")
        #expect(
            try script.feed([Recorded.keyChange[0], narrower, row]) == [
                "describe erp.items", #"erp.items {"item_no":"D"} c0 →{item_no=D}"#,
            ])
    }

    @Test("counts rows of tables that are not captured, and writes nothing for them alone")
    func countsForeignRows() throws {
        let logs = CapturedTables([(16398, .init(name: TableName(schema: "erp", name: "logs"), topic: "erp.logs"))])
        var script = MachineScript(logs)
        #expect(try script.feed(Self.relations + Recorded.insert) == ["passed 0/1532C48"])
        #expect(
            try script.feed(Recorded.truncate) == [
                "describe erp.logs", "erp.logs nil t1 →", "commit 0/1534380 0/15345C0 736 1",
            ])
    }

    @Test("goes to the topic of its table's number, whatever the table is called by then")
    func followsNumbers() throws {
        let renamed = CapturedTables([(16391, .init(name: TableName(schema: "erp", name: "parts"), topic: "erp.parts"))]
        )
        var script = MachineScript(renamed)
        #expect(try script.feed(Self.relations + Recorded.delete)[1].hasPrefix("erp.parts"))
        let recreated = CapturedTables([(1, .init(name: TableName(schema: "erp", name: "items"), topic: "erp.items"))])
        var other = MachineScript(recreated)
        #expect(try other.feed(Self.relations + Recorded.delete)[1].hasPrefix("erp.items"))
    }

    @Test("that the log has already is passed over, and one that commits at the position is not")
    func skipsKnown() throws {
        var script = MachineScript(position: 0x1532c19)
        #expect(try script.feed(Self.relations + Recorded.insert).isEmpty)
        #expect(try script.feed(Recorded.update).count == 3)
        var exact = MachineScript(position: 0x1532c18)
        #expect(try exact.feed(Self.relations + Recorded.insert).count == 4)
    }

    @Test("is open between begin and commit")
    func isOpen() throws {
        var script = MachineScript()
        try script.feed(Self.relations + Recorded.insert.dropLast())
        let before = script.isInTransaction
        try script.feed([Recorded.insert[3]])
        let after = script.isInTransaction
        #expect(before && !after)
    }

    @Test(
        "in another order than the protocol's is refused",
        arguments: [
            [Recorded.insert[1]], [Recorded.insert[0], Recorded.insert[1]], [Recorded.insert[0], Recorded.insert[0]],
            [Recorded.insert[3]], [Recorded.update[0], Recorded.insert[3]], [Recorded.message[1]],
            [Recorded.insert[0], Recorded.messageOutside],
            // A row of one column, and an untouched key without an old row.
            [Recorded.itemsRelation, Recorded.insert[0], Bytes.hex("49000040074e0001740000000144")],
            [Recorded.itemsRelation, Recorded.insert[0], Bytes.hex("55000040074e0004756e6e6e")],
        ])
    func refuses(messages: [[UInt8]]) {
        let error = #expect(throws: CaptureError.self) {
            var script = MachineScript()
            try script.feed(messages)
        }
        #expect(error?.code == .protocolViolation)
    }
}
