package import RecordFormat

/// A value as an event tells it. Numbers keep their digits, so that nothing is rounded on the way.
package enum FieldValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case number(String)
    case text(String)
    /// An array, an object, or any value of a json column whose table is known: JSON text.
    case json(String)
}

package struct Field: Sendable, Hashable {
    package let name: String
    package let value: FieldValue

    package init(_ name: String, _ value: FieldValue) {
        self.name = name
        self.value = value
    }
}

/// One change of one row, a truncate, or a logical message, read back from a record's value.
///
/// What the source did not tell is `nil` here and absent there, never null: no `before` on an insert, no `key` on a table
/// without one, no transaction id on a snapshot row.
package struct ChangeEvent: Sendable, Hashable {
    package enum Operation: String, Sendable {
        case snapshotRow = "r"
        case create = "c"
        case update = "u"
        case delete = "d"
        case truncate = "t"
        case message = "m"
    }

    package struct Message: Sendable, Hashable {
        package let prefix: String
        package let content: [UInt8]

        package init(prefix: String, content: [UInt8]) {
            self.prefix = prefix
            self.content = content
        }
    }

    package var operation: Operation
    package var table: TableName?
    /// The commit's LSN; of a snapshot row, the consistent point.
    package var lsn: LSN
    /// The ordinal in the transaction or snapshot, before any filter, from 0.
    package var sequence: Int64
    package var transactionID: UInt32?
    /// Microseconds since 1970.
    package var commitTime: Int64
    package var key: [Field]?
    package var before: [Field]?
    package var after: [Field]?
    /// Columns stored out of line that the change did not touch, and whose values are therefore not known.
    package var unchanged: [String]
    package var message: Message?

    package init(
        operation: Operation, table: TableName? = nil, lsn: LSN, sequence: Int64, transactionID: UInt32? = nil,
        commitTime: Int64, key: [Field]? = nil, before: [Field]? = nil, after: [Field]? = nil, unchanged: [String] = [],
        message: Message? = nil
    ) {
        self.operation = operation
        self.table = table
        self.lsn = lsn
        self.sequence = sequence
        self.transactionID = transactionID
        self.commitTime = commitTime
        self.key = key
        self.before = before
        self.after = after
        self.unchanged = unchanged
        self.message = message
    }
}
