package import SQLiteClient

/// Expressions that are evaluated together over one row after the other. One thread's, with the engine that compiled it.
package final class ExpressionProgram {
    package let expressions: [String]
    /// The columns that each expression reads, by their place in the row.
    package let reads: [Set<Int>]
    /// Whether each expression depends on the commit time.
    package let usesCommitTime: [Bool]
    private let statement: SQLiteStatement?
    /// Owns the connection, the feed and the authorizer, to which the statement points.
    private let engine: ExpressionEngine

    init(
        statement: SQLiteStatement?, expressions: [String], reads: [Set<Int>], usesCommitTime: [Bool],
        engine: ExpressionEngine
    ) {
        self.statement = statement
        self.expressions = expressions
        self.reads = reads
        self.usesCommitTime = usesCommitTime
        self.engine = engine
    }

    /// - Parameters:
    ///   - row: a value per column of the engine; columns that no expression reads may hold anything.
    ///   - commitTime: of the row's transaction, in microseconds since 1970.
    /// - Throws: ``ExpressionFailure`` if an expression refuses this row. The next row can be evaluated.
    /// - Complexity: about a microsecond for five expressions and a filter.
    package func evaluate(_ row: [SQLiteValue], commitTime: Int64) throws(ExpressionFailure) -> [SQLiteValue] {
        guard let statement else { return [] }
        do throws(SQLiteError) {
            try step(statement, row, commitTime)
            return expressions.indices.map(statement.value(at:))
        } catch {
            throw failure(error, row, commitTime)
        }
    }

    private func step(_ statement: SQLiteStatement, _ row: [SQLiteValue], _ commitTime: Int64) throws(SQLiteError) {
        let feed = engine.feed
        precondition(row.count == feed.columns.count, "A row of \(row.count) values for \(feed.columns.count) columns")
        feed.row = row
        feed.commitTime = commitTime
        feed.isFed = true
        let hasRow = try statement.step()
        precondition(hasRow, "The table of the fed row has ended")
    }

    /// Which expression it was, found by evaluating each alone.
    private func failure(_ error: SQLiteError, _ row: [SQLiteValue], _ commitTime: Int64) -> ExpressionFailure {
        for (index, expression) in expressions.enumerated() {
            guard let alone = try? engine.prepare([expression]) else { continue }
            do throws(SQLiteError) {
                try step(alone, row, commitTime)
            } catch {
                return ExpressionFailure(expression: index, reason: Self.reason(error))
            }
        }
        return ExpressionFailure(expression: 0, reason: Self.reason(error))
    }

    /// SQLite's message stands between the name of the database and a full stop.
    private static func reason(_ error: SQLiteError) -> String {
        String(error.message.split(separator: ": ", maxSplits: 1).last ?? "").trimmingSuffix(".")
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
