import ChangeEvents
import RecordFormat

/// Rows for tests, as a server would send them.
struct Rows {
    private(set) var bytes: [UInt8] = []

    /// `nil` is NULL.
    mutating func tuple(_ texts: [String?]) -> TextTuple {
        TextTuple(
            texts.map { text in
                guard let text else { return .null }
                defer { bytes += Array(text.utf8) }
                return .text(start: bytes.count, count: text.utf8.count)
            })
    }

    func encode(_ change: RowChange, of table: TableDescription, stamp: EventStamp = Rows.stamp)
        -> PlainFormat.EncodedRow
    {
        var encoder = PlainEncoder()
        return bytes.withUnsafeBytes { encoder.encode(change, of: PlainTable(table), stamp: stamp, in: $0) }
    }

    static let stamp = EventStamp(lsn: LSN(0x1A2B3C8), transactionID: 7311, commitTime: 1_795_327_200_123_456)

    static func table(_ columns: [(name: String, form: ValueForm, isKey: Bool)]) -> TableDescription {
        TableDescription(
            table: TableName(schema: "erp", name: "work_orders"), identity: .default,
            columns: columns.map { name, form, isKey in
                ColumnDescription(
                    name: name, type: ColumnType(declared: "", form: form), isKey: isKey, isNullable: !isKey)
            })
    }

    /// The JSON that one value becomes.
    static func json(_ text: String, as form: ValueForm) -> String {
        var rows = Rows()
        let change = RowChange(operation: .create, sequence: 0, after: rows.tuple([text]))
        let row = rows.encode(change, of: table([("v", form, false)]))
        let value = String(decoding: row.value, as: UTF8.self)
        guard let start = value.range(of: "\"after\":{\"v\":") else { return value }
        return String(value[start.upperBound...].dropLast(2))
    }
}

extension StringProtocol {
    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
