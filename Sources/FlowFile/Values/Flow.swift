/// One flow: what is captured, under which topics it stands in the log, and where it is loaded. One file.
package struct Flow: Sendable, Equatable {
    package let position: SourcePosition
    package let name: String
    package let about: String?
    package let source: Source
    package let log: Log
    /// Without it the flow only captures.
    package let load: Load?

    package struct Source: Sendable, Equatable {
        /// A libpq conninfo string or URI.
        package let postgres: Secret
        package let slot: String
        package let slotPosition: SourcePosition
        package let publication: String
        /// At least one, none twice, in the file's order.
        package let tables: [CapturedTable]
    }

    package struct CapturedTable: Sendable, Equatable {
        package let table: SourceTable
        package let position: SourcePosition
    }

    package struct Log: Sendable, Equatable {
        /// `${schema}` and `${table}` stand for the names; the escaping is `TopicName`'s.
        package let topicTemplate: String
        package let topicPosition: SourcePosition
        package let format: ValueFormat
        /// Whether a delete is followed by a record without a value.
        package let tombstones: Bool

        package static let defaultTopicTemplate = "${schema}.${table}"
    }

    /// How a change event is written. `debezium` is known to the schema and refused until it is built.
    package enum ValueFormat: Sendable, Equatable {
        case plain
    }

    package struct Load: Sendable, Equatable {
        package let target: Target
        package let targetPosition: SourcePosition
        /// At least one. No target table twice.
        package let tables: [TableMapping]
    }

    /// Postgres is known to the schema and refused until it is built.
    package enum Target: Sendable, Equatable {
        /// The absolute path of the database file.
        case sqlite(path: String)
    }

    package struct TableMapping: Sendable, Equatable {
        package let position: SourcePosition
        package let from: SourceTable
        package let fromPosition: SourcePosition
        package let to: String
        package let toPosition: SourcePosition
        /// Target columns. `nil`: the source's key, through the mapping.
        package let key: [String]?
        package let keyPosition: SourcePosition?
        package let filter: Expression?
        /// `nil`: all columns, unchanged. Otherwise at least one.
        package let columns: [Column]?
    }

    package struct Column: Sendable, Equatable {
        package let name: String
        package let position: SourcePosition
        package let expression: Expression
    }
}
