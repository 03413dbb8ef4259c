package import SQLiteClient

/// What one change does to one target table. Which columns these are, ``CompiledMapping/columns`` says.
package enum RowEffect: Sendable, Equatable {
    /// The row is this: one value per column.
    case upsert([SQLiteValue])
    /// The row with this key, which must be there, gets these values in these columns; the source did not tell the others.
    case update(key: [SQLiteValue], columns: [Int], values: [SQLiteValue])
    /// The row with the key `from`, which must be there, gets these values in these columns, its new key among them; the source
    /// did not tell the others.
    case move(from: [SQLiteValue], columns: [Int], values: [SQLiteValue])
    /// There is no row with this key (any more).
    case delete(key: [SQLiteValue])
    /// There are no rows.
    case truncate
}

/// A row that cannot be loaded as the flow says. Holds no value of the row.
package struct RowFailure: Error, Sendable, Equatable {
    package let reason: String
}
