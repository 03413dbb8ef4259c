/// A column's value as pgoutput or COPY sent it: where its text stands in the bytes that came.
package struct TextCell: Sendable, Hashable {
    package enum Kind: UInt8, Sendable {
        /// Not sent: a column outside the key in the key of an old row.
        case absent
        case null
        /// Stored out of line, not touched, not sent.
        case unchanged
        case text
    }

    package let kind: Kind
    package let start: Int
    package let count: Int

    private init(kind: Kind, start: Int = 0, count: Int = 0) {
        self.kind = kind
        self.start = start
        self.count = count
    }

    package static let absent = TextCell(kind: .absent)
    package static let null = TextCell(kind: .null)
    package static let unchanged = TextCell(kind: .unchanged)

    package static func text(start: Int, count: Int) -> TextCell { TextCell(kind: .text, start: start, count: count) }
}

/// One row as it came, a cell per column of its table. The bytes are elsewhere, because copying them twice would cost more
/// than everything else here.
package struct TextTuple: Sendable, Hashable {
    package var cells: [TextCell]

    package init(_ cells: [TextCell]) { self.cells = cells }
}

/// One change of a row, ready to be encoded.
package struct RowChange: Sendable, Hashable {
    package let operation: ChangeEvent.Operation
    package let sequence: Int64
    /// What the replica identity gave of the old row.
    package let before: TextTuple?
    /// The new row. A key column is never `.unchanged` in it.
    package let after: TextTuple?

    package init(operation: ChangeEvent.Operation, sequence: Int64, before: TextTuple? = nil, after: TextTuple? = nil) {
        self.operation = operation
        self.sequence = sequence
        self.before = before
        self.after = after
    }
}
