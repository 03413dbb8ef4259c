import CSQLite
import SQLiteClient

/// Compiles and evaluates SQL expressions over the rows of one table, on a private database in memory whose only table is the
/// row itself. Expressions may say `x` or `new.x`. One thread's.
package final class ExpressionEngine {
    let feed: RowFeed
    private let database: SQLiteDatabase
    private let authorizer = Authorizer()

    /// - Parameter columns: in the order in which rows are fed.
    /// - Throws: `.notAllowed` if two columns have names that SQLite takes for the same.
    package init(columns: [ExpressionColumn]) throws(ExpressionError) {
        precondition(ClocklessFileSystem.isRegistered, "SQLite has no file system")
        feed = RowFeed(columns: columns)
        do throws(SQLiteError) {
            database = try SQLiteDatabase(inMemory: "expression", fileSystem: ClocklessFileSystem.name)
            ExpressionFunctions.register(on: database, feed: feed)
            try RowTable.register(on: database, feed: feed)
        } catch {
            throw ExpressionError(
                .notAllowed, "The table's columns cannot be used in expressions: \(error.message)",
                remedy: "Column names must differ in more than upper and lower case.")
        }
        authorizer.columns = Set(columns.map { $0.name.lowercased() })
        let result = sqlite3_set_authorizer(
            database.handle,
            { context, action, first, second, _, _ in
                guard let context else { return SQLITE_DENY }
                let authorizer = Unmanaged<Authorizer>.fromOpaque(context).takeUnretainedValue()
                return authorizer.decide(action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
            }, Unmanaged.passUnretained(authorizer).toOpaque())
        precondition(result == SQLITE_OK, "Setting an authorizer on an open connection gave \(result)")
    }

    /// Checks and compiles expressions that are evaluated together, in one pass over a row.
    /// - Throws: ``ExpressionError`` for the first that cannot be used, with its number.
    package func compile(_ expressions: [String]) throws(ExpressionError) -> ExpressionProgram {
        var checks: [Check] = []
        for (index, expression) in expressions.enumerated() {
            do throws(ExpressionError) {
                checks.append(try check(expression))
            } catch {
                var error = error
                error.expression = index
                throw error
            }
        }
        return ExpressionProgram(
            statement: try expressions.isEmpty ? nil : prepare(expressions), expressions: expressions,
            reads: checks.map(\.reads),
            usesCommitTime: checks.map(\.usesCommitTime), engine: self)
    }

    func prepare(_ expressions: [String]) throws(ExpressionError) -> SQLiteStatement {
        do throws(SQLiteError) {
            authorizer.begin()
            return try database.prepare(Self.select(expressions))
        } catch {
            // Each passed alone, so together they are too many or too long.
            throw ExpressionError(
                .notAllowed, "The expressions of this table are too much for one statement: \(error.message)",
                remedy: "Map fewer columns.")
        }
    }

    /// The line break ends a comment at the end of an expression.
    private static let opening = "SELECT (\n"

    private static func select(_ expressions: [String]) -> String {
        opening + expressions.joined(separator: "\n), (\n") + "\n) FROM \(RowTable.name)"
    }

    private struct Check {
        /// Places of columns.
        let reads: Set<Int>
        let usesCommitTime: Bool
    }

    private func check(_ expression: String) throws(ExpressionError) -> Check {
        guard expression.utf8.count <= 100_000, !expression.utf8.contains(0) else {
            throw ExpressionError(.syntax, "The expression is too long, or holds a zero byte.", remedy: "Shorten it.")
        }
        try ExpressionRules.check(expression, over: feed.columns)
        let select = Self.select([expression])
        do throws(SQLiteError) {
            authorizer.begin()
            let statement = try database.prepare(select)
            let (reads, usesCommitTime) = (authorizer.reads, authorizer.usesCommitTime)
            guard statement.columnCount == 1 else {
                throw SQLiteError(.statement, Self.several, remedy: "Give each its own line.")
            }
            // Aggregates and window functions pass the authorizer as the functions they also are: max(x).
            authorizer.begin()
            let plan = try database.prepare("EXPLAIN " + select)
            while try plan.step() {
                if plan.text(at: 1).hasPrefix("Agg") {
                    throw SQLiteError(.statement, Self.aggregate, remedy: "min and max take two or more values here.")
                }
            }
            return Check(
                reads: Set(feed.columns.indices.filter { reads.contains(feed.columns[$0].name.lowercased()) }),
                usesCommitTime: usesCommitTime)
        } catch {
            throw explain(error)
        }
    }

    private static let several = "There is more than one expression."
    private static let aggregate = "An expression sees one row, so nothing can be taken over many rows."

    private func explain(_ error: SQLiteError) -> ExpressionError {
        let offset = error.sqlOffset.map { max(0, $0 - Self.opening.utf8.count) }
        if let refused = authorizer.refused {
            return ExpressionError(refused.code, refused.message, remedy: refused.remedy, offset: offset)
        }
        if error.message == Self.several || error.message == Self.aggregate {
            return ExpressionError(.notAllowed, error.message, remedy: error.remedy)
        }
        let reason = database.lastMessage
        for (prefix, code, names) in [
            ("no such column: ", ExpressionError.Code.unknownColumn, feed.columns.map(\.name)),
            ("no such function: ", .unknownFunction, ExpressionFunctionNames.allowed.sorted()),
        ] where reason.hasPrefix(prefix) {
            let name = String(reason.dropFirst(prefix.count))
            let bare = name.lowercased().hasPrefix("new.") ? String(name.dropFirst(4)) : name
            let what = code == .unknownColumn ? "column" : "function"
            let suggestion = NameSuggestion.nearest(to: bare, among: names)
            return ExpressionError(
                code, "There is no \(what) \(name).",
                remedy: suggestion.map { "Did you mean \($0)?" } ?? "Known: \(names.joined(separator: ", ")).",
                offset: offset)
        }
        return ExpressionError(.syntax, "The expression cannot be read: \(reason).", remedy: "", offset: offset)
    }
}

/// Allows one SELECT of functions over the columns of the row, and notes which.
private final class Authorizer {
    struct Refusal {
        let code: ExpressionError.Code
        let message: String
        let remedy: String
    }

    var columns: Set<String> = []
    private(set) var reads: Set<String> = []
    private(set) var usesCommitTime = false
    private(set) var refused: Refusal?
    private var selects = 0

    func begin() {
        reads = []
        usesCommitTime = false
        refused = nil
        selects = 0
    }

    func decide(_ action: Int32, _ first: String?, _ second: String?) -> Int32 {
        switch action {
        case SQLITE_SELECT:
            selects += 1
            if selects == 1 { return SQLITE_OK }
            return refuse(
                .notAllowed, "A sub-select is not an expression over one row.", "Map what it would look up as a column."
            )
        case SQLITE_READ:
            let column = second?.lowercased() ?? ""
            if first == RowTable.name, column.isEmpty || columns.contains(column) {
                reads.insert(column)
                return SQLITE_OK
            }
            return refuse(.unknownColumn, "There is no column \(second ?? "").", "Name a column of the source table.")
        case SQLITE_FUNCTION:
            let name = second?.lowercased() ?? ""
            if name == "commit_ts" { usesCommitTime = true }
            if ExpressionFunctionNames.allowed.contains(name) { return SQLITE_OK }
            return refuse(
                .unknownFunction, "The function \(name) is not for expressions over one row.",
                "Use one of \(ExpressionFunctionNames.allowed.sorted().joined(separator: ", ")).")
        default:
            return refuse(.notAllowed, "Only an expression over one row is allowed.", "")
        }
    }

    private func refuse(_ code: ExpressionError.Code, _ message: String, _ remedy: String) -> Int32 {
        refused = refused ?? Refusal(code: code, message: message, remedy: remedy)
        return SQLITE_DENY
    }
}
