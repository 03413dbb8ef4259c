import ChangeEvents

/// A column of a target table and where its values come from.
package struct TargetColumn: Sendable, Equatable {
    enum Origin: Sendable, Equatable {
        /// A column of the source, untouched; its place there.
        case column(Int)
        /// An expression.
        case expression(String)
    }

    package let name: String
    /// The type to create it with: one whose affinity keeps every value as it is. `nil` for none.
    package let declaredType: String?
    let origin: Origin
    /// The source columns it is made of.
    let reads: Set<Int>
    let usesCommitTime: Bool

    /// SQLite would make a number of `12.500` and of `007` in a column that takes numbers, so exact decimals are text.
    static func declaredType(of form: ValueForm) -> String {
        switch form {
        case .boolean, .integer: "INTEGER"
        case .float: "REAL"
        case .bytes: "BLOB"
        case .decimal, .character, .temporal, .json, .hstore, .exact, .array: "TEXT"
        }
    }
}

extension ExpressionColumn {
    init(_ column: ColumnDescription) {
        let kind: Kind =
            switch column.type.form {
            case .boolean, .integer: .integer
            case .float: .float
            case .decimal: .decimal
            case .bytes: .bytes
            case .character, .temporal, .json, .hstore, .exact, .array: .text
            }
        self.init(name: column.name, kind: kind)
    }
}
