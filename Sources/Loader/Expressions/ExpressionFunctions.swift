import CSQLite
import SQLiteClient

/// The functions that SQLite lacks, or has for ASCII only.
enum ExpressionFunctions {
    /// - Parameter feed: gives the commit time; stays the caller's, and must outlive the connection.
    static func register(on database: SQLiteDatabase, feed: RowFeed) {
        let repeatable = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        add("upper", 1, repeatable) { call in call.mapText { $0.uppercased() } }
        add("lower", 1, repeatable) { call in call.mapText { $0.lowercased() } }
        add("decimal_add", 2, repeatable) { call in call.combineDecimals("decimal_add") { $0 + $1 } }
        add("decimal_mul", 2, repeatable) { call in call.combineDecimals("decimal_mul") { $0 * $1 } }
        add("to_decimal", 3, repeatable) { $0.toDecimal() }
        add("at_zone", 2, repeatable) { $0.atZone() }
        // Another value for every row, so SQLite must not take it for a constant.
        add("commit_ts", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS) { call in
            call.result.set(LocalTime.utc(microsecondsSince1970: call.feed.commitTime))
        }

        func add(_ name: String, _ arguments: Int32, _ flags: Int32, _ body: @escaping (FunctionCall) -> Void) {
            let function = Unmanaged.passRetained(Function(feed: feed, body: body)).toOpaque()
            let result = sqlite3_create_function_v2(
                database.handle, name, arguments, flags, function,
                { context, count, values in
                    guard let context, let pointer = sqlite3_user_data(context) else { return }
                    let function = Unmanaged<Function>.fromOpaque(pointer).takeUnretainedValue()
                    let arguments = UnsafeBufferPointer(start: values, count: Int(count)).compactMap { $0 }
                    function.body(
                        FunctionCall(result: FunctionResult(context), arguments: arguments, function: function))
                }, nil, nil,
                { if let pointer = $0 { Unmanaged<Function>.fromOpaque(pointer).release() } })
            precondition(result == SQLITE_OK, "Registering \(name) on an open connection gave \(result)")
        }
    }

    fileprivate final class Function {
        unowned let feed: RowFeed
        let body: (FunctionCall) -> Void
        /// Each zone is looked up once.
        var localTime = LocalTime()

        init(feed: RowFeed, body: @escaping (FunctionCall) -> Void) {
            self.feed = feed
            self.body = body
        }
    }
}

/// One call of a function of ours.
private struct FunctionCall {
    let result: FunctionResult
    let arguments: [OpaquePointer]
    let function: ExpressionFunctions.Function

    var feed: RowFeed { function.feed }

    private func type(_ index: Int) -> Int32 { sqlite3_value_type(arguments[index]) }

    private func text(_ index: Int) -> String {
        let start = sqlite3_value_text(arguments[index])
        return String(
            decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(arguments[index]))),
            as: UTF8.self)
    }

    private var hasNull: Bool { arguments.indices.contains { type($0) == SQLITE_NULL } }

    func mapText(_ transform: (String) -> String) {
        if hasNull { result.set(.null) } else { result.set(transform(text(0))) }
    }

    private func decimal(_ index: Int) -> ExactDecimal? {
        switch type(index) {
        case SQLITE_INTEGER: ExactDecimal(sqlite3_value_int64(arguments[index]))
        // The shortest digits that give this float again, as Postgres shows it.
        case SQLITE_FLOAT: ExactDecimal("\(sqlite3_value_double(arguments[index]))")
        case SQLITE_TEXT: ExactDecimal(text(index))
        default: nil
        }
    }

    func combineDecimals(_ name: String, _ combine: (ExactDecimal, ExactDecimal) -> ExactDecimal) {
        if hasNull { return result.set(.null) }
        guard let left = decimal(0), let right = decimal(1) else {
            return result.fail("\(name): an argument is no number")
        }
        result.set(combine(left, right).text)
    }

    func toDecimal() {
        if hasNull { return result.set(.null) }
        let precision = Int(clamping: sqlite3_value_int64(arguments[1]))
        let scale = Int(clamping: sqlite3_value_int64(arguments[2]))
        // Postgres' own range of numeric(p, s).
        guard (1...1000).contains(precision), (0...precision).contains(scale) else {
            return result.fail("to_decimal: precision must be 1…1000 and scale 0…precision")
        }
        guard let value = decimal(0) else { return result.fail("to_decimal: the value is no number") }
        guard let rounded = value.rounded(precision: precision, scale: scale) else {
            return result.fail(
                "to_decimal: the value has more than \(precision - scale) digits before the point, which numeric(\(precision), \(scale)) does not hold"
            )
        }
        result.set(rounded.text)
    }

    func atZone() {
        if hasNull { return result.set(.null) }
        do throws(LocalTime.Failure) {
            result.set(try function.localTime.text(of: text(0), in: text(1)))
        } catch {
            switch error {
            case .notATimestamp: result.fail("at_zone: the value is no timestamp such as 2026-11-22 06:00:00+00")
            case .noOffset: result.fail("at_zone: the timestamp has no offset from UTC, so it names no instant")
            case .unknownZone: result.fail("at_zone: no such time zone")
            }
        }
    }
}
