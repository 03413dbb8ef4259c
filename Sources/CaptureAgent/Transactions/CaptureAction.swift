package import ChangeEvents
package import RecordFormat

/// What ``TransactionMachine`` wants done, in this order.
package enum CaptureAction: Sendable, Equatable {
    /// Look up what the message does not tell of this table, and call ``TransactionMachine/adopt(_:as:)`` before the next
    /// message.
    case lookUp(PgOutputMessage.Relation, as: TableName)
    /// Write an index record of kind `relation`.
    case describe(topic: String, description: [UInt8])
    /// Make this topic if it is not there; it is needed by the next ``append(topic:record:)``.
    case createTopic(String)
    case append(topic: String, record: Record)
    /// Everything of this transaction was appended: write its index record.
    case commit(Committed)
    /// A transaction without a row of ours ended here.
    case passed(endLSN: LSN)

    package struct Committed: Sendable, Equatable {
        package let commitLSN: LSN
        package let endLSN: LSN
        /// 0 for a message outside a transaction.
        package let transactionID: UInt32
        package let commitTime: Int64
        /// Records appended.
        package let changes: Int

        package init(commitLSN: LSN, endLSN: LSN, transactionID: UInt32, commitTime: Int64, changes: Int) {
            self.commitLSN = commitLSN
            self.endLSN = endLSN
            self.transactionID = transactionID
            self.commitTime = commitTime
            self.changes = changes
        }
    }
}
