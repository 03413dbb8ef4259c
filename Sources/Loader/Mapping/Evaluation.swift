import SQLiteClient

/// Makes the values of some columns of the target, and of the filter, out of a source row. Columns that are passed on untouched
/// never see the expression engine.
struct Evaluation {
    private enum Step {
        case column(Int)
        case result(Int)
    }

    private let steps: [Step]
    private let program: ExpressionProgram?
    private let hasFilter: Bool
    /// The name of what each result of the program is for, for messages.
    private let names: [String]

    /// - Parameter places: the columns to make, places in `columns`.
    init(
        _ places: [Int], _ columns: [TargetColumn], filter: String?, _ engine: ExpressionEngine?
    ) throws(MappingError) {
        var expressions: [String] = []
        var names: [String] = []
        steps = places.map { place in
            switch columns[place].origin {
            case .column(let index): return .column(index)
            case .expression(let expression):
                expressions.append(expression)
                names.append("column \(columns[place].name)")
                return .result(expressions.count - 1)
            }
        }
        if let filter {
            // SQL's own idea of true; the line break ends a comment at the end of the filter.
            expressions.append("(\(filter)\n) is true")
            names.append("where")
        }
        hasFilter = filter != nil
        self.names = names
        guard let engine, !expressions.isEmpty else {
            precondition(expressions.isEmpty, "Expressions without an engine")
            program = nil
            return
        }
        do throws(ExpressionError) {
            program = try engine.compile(expressions)
        } catch {
            throw MappingError(.table, error)
        }
    }

    /// One value per column, and one more for the filter if there is one.
    func values(_ row: [SQLiteValue], _ commitTime: Int64) throws(RowFailure) -> [SQLiteValue] {
        guard let program else {
            return steps.map { step in
                if case .column(let index) = step { row[index] } else { .null }
            }
        }
        do throws(ExpressionFailure) {
            let results = try program.evaluate(row, commitTime: commitTime)
            var values: [SQLiteValue] = []
            values.reserveCapacity(steps.count + 1)
            for step in steps {
                switch step {
                case .column(let index): values.append(row[index])
                case .result(let index): values.append(results[index])
                }
            }
            if hasFilter, let last = results.last { values.append(last) }
            return values
        } catch {
            throw RowFailure(reason: "\(names[error.expression]): \(error.reason)")
        }
    }

    /// Whether the row belongs into the target, by the values that ``values(_:_:)`` gave.
    func isIn(_ values: [SQLiteValue]) -> Bool {
        guard hasFilter, let last = values.last else { return true }
        return last == .integer(1)
    }
}
