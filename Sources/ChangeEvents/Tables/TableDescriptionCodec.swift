/// The bytes of a ``TableDescription`` in an index record of kind `relation`: UTF-8 JSON, one object, fields in this order.
///
/// | field      | meaning                                                                                        |
/// |:-----------|:-----------------------------------------------------------------------------------------------|
/// | `version`  | 1; a reader refuses a higher one                                                               |
/// | `table`    | `erp.items`, quoted where a name has a dot, quote or blank                                      |
/// | `identity` | `default`, `nothing`, `full` or `index`                                                        |
/// | `columns`  | array, in the table's order, of `{"name","type","form","key","nullable"}`; `type` is declared, |
/// |            | `form` is ``ValueForm/description``                                                            |
///
/// Valid when every field is there once and no two columns share a name. Further fields are skipped.
extension TableDescription {
    private static let version = "1"

    package var encoded: [UInt8] {
        var writer = JSONWriter(capacity: 128 + columns.count * 96)
        writer.put("{\"version\":1,\"table\":")
        writer.putQuoted(table.description)
        writer.put(",\"identity\":")
        writer.putQuoted(identity.rawValue)
        writer.put(",\"columns\":[")
        for (index, column) in columns.enumerated() {
            writer.put(index == 0 ? "{\"name\":" : ",{\"name\":")
            writer.putQuoted(column.name)
            writer.put(",\"type\":")
            writer.putQuoted(column.type.declared)
            writer.put(",\"form\":")
            writer.putQuoted(column.type.form.description)
            writer.put(column.isKey ? ",\"key\":true" : ",\"key\":false")
            writer.put(column.isNullable ? ",\"nullable\":true}" : ",\"nullable\":false}")
        }
        writer.put("]}")
        return writer.bytes(from: 0)
    }

    package init(decoding bytes: [UInt8]) throws(ChangeEventsError) {
        do throws(JSONFault) {
            self = try withJSONReader(bytes) { reader throws(JSONFault) in try Self(&reader) }
        } catch {
            throw ChangeEventsError(
                .malformedDescription, "A table description is damaged or newer: \(error).",
                remedy: "Run `edgebroker log verify` on the data directory; a newer log needs a newer edgebroker.")
        }
    }

    private init(_ reader: inout JSONReader) throws(JSONFault) {
        var version: String?
        var table: TableName?
        var identity: ReplicaIdentity?
        var columns: [ColumnDescription]?
        try reader.object { reader, name throws(JSONFault) in
            switch name {
            case "version": version = try reader.number()
            case "table": table = TableName(try reader.string())
            case "identity": identity = ReplicaIdentity(rawValue: try reader.string())
            case "columns":
                var all: [ColumnDescription] = []
                try reader.array { reader throws(JSONFault) in all.append(try Self.column(&reader)) }
                columns = all
            default: try reader.skip()
            }
        }
        guard version == Self.version else { throw reader.fault("a version that is not 1") }
        guard let table, let identity, let columns else { throw reader.fault("a field that is missing or unknown") }
        guard Set(columns.map(\.name)).count == columns.count else { throw reader.fault("two columns of one name") }
        self.init(table: table, identity: identity, columns: columns)
    }

    private static func column(_ reader: inout JSONReader) throws(JSONFault) -> ColumnDescription {
        var name: String?
        var declared: String?
        var form: ValueForm?
        var isKey: Bool?
        var isNullable: Bool?
        try reader.object { reader, field throws(JSONFault) in
            switch field {
            case "name": name = try reader.string()
            case "type": declared = try reader.string()
            case "form": form = ValueForm(try reader.string())
            case "key": isKey = try reader.boolean()
            case "nullable": isNullable = try reader.boolean()
            default: try reader.skip()
            }
        }
        guard let name, let declared, let form, let isKey, let isNullable else {
            throw reader.fault("a column without one of its fields")
        }
        return ColumnDescription(
            name: name, type: ColumnType(declared: declared, form: form), isKey: isKey, isNullable: isNullable)
    }
}
