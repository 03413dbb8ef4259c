package import ChangeEvents

/// What a flow says about one target table: where its rows come from and what becomes of them. Not checked yet;
/// ``CompiledMapping`` does that against the source table's description.
package struct TableMapping: Sendable, Equatable {
    package struct Column: Sendable, Equatable {
        package let name: String
        /// SQL over the source row, see ``ExpressionEngine``.
        package let expression: String

        package init(name: String, expression: String) {
            self.name = name
            self.expression = expression
        }
    }

    package let source: TableName
    /// The topic that holds the source table's changes.
    package let topic: String
    package let target: String
    /// Target columns; `nil`: the source's key, through the mapping.
    package let key: [String]?
    /// An expression over the new row; a row for which it is not true is not in the target.
    package let filter: String?
    /// `nil`: all columns of the source, unchanged.
    package let columns: [Column]?

    package init(
        source: TableName, topic: String, target: String, key: [String]? = nil, filter: String? = nil,
        columns: [Column]? = nil
    ) {
        self.source = source
        self.topic = topic
        self.target = target
        self.key = key
        self.filter = filter
        self.columns = columns
    }
}
