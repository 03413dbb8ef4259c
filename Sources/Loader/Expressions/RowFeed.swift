import SQLiteClient

/// The row that expressions look at, shared by the virtual table `new`, by `commit_ts()` and by the program that is running.
final class RowFeed {
    let columns: [ExpressionColumn]
    /// A value per column; columns that no expression reads may hold anything.
    var row: [SQLiteValue] = []
    /// In microseconds since 1970.
    var commitTime: Int64 = 0
    /// A row is there that no step of a statement has taken yet. Without this an expression that wants more rows than one, as an
    /// aggregate does, would run for ever.
    var isFed = false

    init(columns: [ExpressionColumn]) { self.columns = columns }

    func take() -> Bool {
        defer { isFed = false }
        return isFed
    }
}
