/// Encodes rows into ``PlainFormat``. It keeps one buffer, so one thread uses it.
package struct PlainEncoder: ~Copyable {
    private var writer = JSONWriter(capacity: 4096)

    package init() {}

    /// A row, or a truncate when both tuples are absent.
    /// - Parameter bytes: what the tuples' cells point into. Each tuple has a cell for every column of `table`.
    package mutating func encode(
        _ change: RowChange, of table: PlainTable, stamp: EventStamp, in bytes: UnsafeRawBufferPointer
    ) -> PlainFormat.EncodedRow {
        for tuple in [change.before, change.after] {
            precondition(
                tuple.map { $0.cells.count == table.columns.count } ?? true,
                "a row of \(tuple?.cells.count ?? 0) cells for \(table.columns.count) columns of \(table.description.table)"
            )
        }
        begin(change.operation)
        writer.put(table.afterOperation)
        put(stamp, change.sequence)
        var key: [UInt8]?
        // A deleted row's key is in what is left of it.
        if let source = change.after ?? change.before, table.hasKey {
            writer.put(",\"key\":")
            let start = writer.count
            putObject(source, of: table, in: bytes, keyOnly: true)
            key = writer.bytes(from: start)
        }
        if let before = change.before {
            writer.put(",\"before\":")
            putObject(before, of: table, in: bytes)
        }
        if let after = change.after {
            writer.put(",\"after\":")
            putObject(after, of: table, in: bytes)
            putUnchanged(after, of: table)
        }
        writer.put(UInt8(ascii: "}"))
        return PlainFormat.EncodedRow(key: key, value: writer.bytes(from: 0))
    }

    /// A logical message.
    package mutating func encode(
        message content: UnsafeRawBufferPointer, prefix: String, sequence: Int64, stamp: EventStamp
    ) -> PlainFormat.EncodedRow {
        begin(.message)
        writer.put(UInt8(ascii: "\""))
        put(stamp, sequence)
        writer.put(",\"message\":{\"prefix\":")
        writer.putQuoted(prefix)
        writer.put(",\"content\":")
        writer.putBase64(count: content.count) { content[$0] }
        writer.put("}}")
        return PlainFormat.EncodedRow(key: nil, value: writer.bytes(from: 0))
    }

    private mutating func begin(_ operation: ChangeEvent.Operation) {
        writer.clear()
        writer.put("{\"op\":\"")
        switch operation {
        case .snapshotRow: writer.put(UInt8(ascii: "r"))
        case .create: writer.put(UInt8(ascii: "c"))
        case .update: writer.put(UInt8(ascii: "u"))
        case .delete: writer.put(UInt8(ascii: "d"))
        case .truncate: writer.put(UInt8(ascii: "t"))
        case .message: writer.put(UInt8(ascii: "m"))
        }
    }

    private mutating func put(_ stamp: EventStamp, _ sequence: Int64) {
        writer.put(stamp.beforeSequence)
        writer.put(sequence)
        writer.put(stamp.afterSequence)
    }

    private mutating func putObject(
        _ tuple: TextTuple, of table: PlainTable, in bytes: UnsafeRawBufferPointer, keyOnly: Bool = false
    ) {
        var separator = UInt8(ascii: "{")
        for index in tuple.cells.indices {
            let cell = tuple.cells[index]
            if cell.kind == .absent || cell.kind == .unchanged || (keyOnly && !table.columns[index].isKey) { continue }
            writer.put(separator)
            separator = UInt8(ascii: ",")
            writer.put(table.columns[index].label)
            if cell.kind == .null {
                writer.put("null")
            } else {
                let text = UnsafeRawBufferPointer(rebasing: bytes[cell.start..<(cell.start + cell.count)])
                writer.putValue(text, as: table.columns[index].form)
            }
        }
        if separator == UInt8(ascii: "{") { writer.put(separator) }
        writer.put(UInt8(ascii: "}"))
    }

    private mutating func putUnchanged(_ tuple: TextTuple, of table: PlainTable) {
        var isFirst = true
        for index in tuple.cells.indices where tuple.cells[index].kind == .unchanged {
            writer.put(isFirst ? ",\"unchanged\":[" : ",")
            isFirst = false
            writer.put(table.columns[index].quotedName)
        }
        if !isFirst { writer.put(UInt8(ascii: "]")) }
    }
}
