/// A column of the source table as expressions see it.
package struct ExpressionColumn: Sendable, Equatable {
    /// What the values are, and with that how they compare.
    package enum Kind: Sendable, Equatable {
        /// Whole numbers and booleans (1 and 0).
        case integer
        case float
        /// Exact decimals, as text. They compare with numbers as numbers, and keep every digit where they are only passed on.
        case decimal
        case text
        case bytes
    }

    package let name: String
    package let kind: Kind

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// The affinity by which SQLite converts the other side of a comparison.
    var declaredType: String {
        switch kind {
        case .integer: "INTEGER"
        case .float, .decimal: "NUMERIC"
        case .text: "TEXT"
        case .bytes: "BLOB"
        }
    }
}
