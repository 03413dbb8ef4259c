import ChangeEvents
import RecordFormat

@testable import Loader

/// Source tables and changes for tests.
enum ERP {
    static func column(
        _ name: String, _ declared: String, _ form: ValueForm, key: Bool = false
    ) -> ColumnDescription {
        ColumnDescription(name: name, type: ColumnType(declared: declared, form: form), isKey: key, isNullable: !key)
    }

    static func items(_ identity: ReplicaIdentity = .default) -> TableDescription {
        TableDescription(
            table: TableName(schema: "erp", name: "items"), identity: identity,
            columns: [
                column("item_no", "text", .character, key: true), column("plant", "text", .character),
                column("weight", "numeric(12,3)", .decimal), column("level", "integer", .integer),
                column("spec", "text", .character),
            ])
    }

    /// Every form that a value can have.
    static let forms = TableDescription(
        table: TableName(schema: "erp", name: "forms"), identity: .default,
        columns: [
            column("id", "bigint", .integer, key: true), column("open", "boolean", .boolean),
            column("ratio", "double precision", .float),
            column("price", "numeric", .decimal), column("drawing", "bytea", .bytes),
            column("attributes", "jsonb", .json),
            column("due", "date", .temporal), column("tags", "text[]", .array(.character, delimiter: 0x2c)),
        ])

    static let itemsMapping = TableMapping(
        source: items().table, topic: "erp.items", target: "material", filter: "plant in ('P01', '*')",
        columns: [
            TableMapping.Column(name: "material_no", expression: "trim(item_no)"),
            TableMapping.Column(name: "weight", expression: "weight"),
            TableMapping.Column(name: "level", expression: "level + 1"),
            TableMapping.Column(name: "spec_begin", expression: "substr(spec, 1, 3)"),
        ])

    static func item(
        _ number: String, plant: String? = "P01", weight: String? = "1.500", level: Int = 1, spec: String? = "steel"
    ) -> [Field] {
        [
            Field("item_no", .text(number)), Field("plant", plant.map { .text($0) } ?? .null),
            Field("weight", weight.map { .text($0) } ?? .null), Field("level", .number("\(level)")),
            Field("spec", spec.map { .text($0) } ?? .null),
        ]
    }

    static func change(
        _ operation: ChangeEvent.Operation, _ table: TableDescription, before: [Field]? = nil, after: [Field]? = nil,
        unchanged: [String] = [], sequence: Int64 = 0
    ) -> ChangeEvent {
        let keys = Set(table.columns.filter(\.isKey).map(\.name))
        let key = (after ?? before)?.filter { keys.contains($0.name) }
        return ChangeEvent(
            operation: operation, table: table.table, lsn: LSN(4096), sequence: sequence, transactionID: 7,
            commitTime: 1_795_327_200_000_000, key: key?.isEmpty == false ? key : nil, before: before, after: after,
            unchanged: unchanged)
    }
}
