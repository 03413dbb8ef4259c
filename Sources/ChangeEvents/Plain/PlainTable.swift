/// A table with everything about its events that does not change from row to row, written out in advance.
package struct PlainTable: Sendable {
    struct Column: Sendable {
        /// `"name":`
        let label: [UInt8]
        /// `"name"`
        let quotedName: [UInt8]
        let form: ValueForm
        let isKey: Bool
    }

    package let description: TableDescription
    let columns: [Column]
    let hasKey: Bool
    /// `","table":"erp.items"`, as it follows the operation's letter.
    let afterOperation: [UInt8]

    package init(_ description: TableDescription) {
        self.description = description
        columns = description.columns.map { column in
            var writer = JSONWriter(capacity: column.name.utf8.count + 8)
            writer.putQuoted(column.name)
            let quoted = writer.bytes(from: 0)
            return Column(
                label: quoted + [UInt8(ascii: ":")], quotedName: quoted, form: column.type.form, isKey: column.isKey)
        }
        hasKey = description.hasKey
        var writer = JSONWriter(capacity: 160)
        writer.put("\",\"table\":")
        writer.putQuoted(description.table.description)
        afterOperation = writer.bytes(from: 0)
    }
}
