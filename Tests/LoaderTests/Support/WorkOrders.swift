import ChangeEvents
import RecordFormat

@testable import Loader

/// Work orders and their operations, loaded unchanged into tables with a foreign key between them.
enum WorkOrders {
    static let orders = TableDescription(
        table: TableName(schema: "erp", name: "orders"), identity: .default,
        columns: [ERP.column("no", "text", .character, key: true), ERP.column("qty", "numeric", .decimal)])
    static let operations = TableDescription(
        table: TableName(schema: "erp", name: "ops"), identity: .default,
        columns: [
            ERP.column("no", "text", .character, key: true), ERP.column("op", "integer", .integer, key: true),
            ERP.column("note", "text", .character),
        ])

    static let mappings = [
        TableMapping(source: orders.table, topic: "erp.orders", target: "work_order"),
        TableMapping(source: operations.table, topic: "erp.ops", target: "operation"),
    ]

    static let schema = """
        CREATE TABLE work_order (no TEXT NOT NULL PRIMARY KEY, qty TEXT);
        CREATE TABLE operation (
          no TEXT NOT NULL REFERENCES work_order, op INTEGER NOT NULL, note TEXT, PRIMARY KEY (no, op)
        );
        """

    static func order(_ no: String, qty: String = "1.0") -> [Field] {
        [Field("no", .text(no)), Field("qty", .text(qty))]
    }
    static func operation(_ no: String, _ op: Int, note: String = "") -> [Field] {
        [Field("no", .text(no)), Field("op", .number("\(op)")), Field("note", .text(note))]
    }

    static func insert(_ no: String, qty: String = "1.0") -> (String, ChangeEvent) {
        ("erp.orders", ERP.change(.create, orders, after: order(no, qty: qty)))
    }
    static func delete(_ no: String) -> (String, ChangeEvent) {
        ("erp.orders", ERP.change(.delete, orders, before: [Field("no", .text(no))]))
    }
    static func insert(_ no: String, op: Int, note: String = "") -> (String, ChangeEvent) {
        ("erp.ops", ERP.change(.create, operations, after: operation(no, op, note: note)))
    }
    static func delete(_ no: String, op: Int) -> (String, ChangeEvent) {
        ("erp.ops", ERP.change(.delete, operations, before: Array(operation(no, op)[..<2])))
    }
    static func snapshot(_ no: String, op: Int? = nil) -> (String, ChangeEvent) {
        var (topic, event) = op.map { insert(no, op: $0) } ?? insert(no)
        event.operation = .snapshotRow
        return (topic, event)
    }
}
