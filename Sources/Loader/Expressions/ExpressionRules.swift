import Foundation

/// What is refused before SQLite sees an expression, because SQLite would take it and do something else than its author means.
struct ExpressionRules {
    private let columns: [String: ExpressionColumn.Kind]
    private let tokens: [SQLToken]
    /// The index of the matching parenthesis, both ways.
    private let partner: [Int: Int]

    /// - Throws: ``ExpressionError`` for the first rule that is broken.
    static func check(_ expression: String, over columns: [ExpressionColumn]) throws(ExpressionError) {
        let tokens = try SQLToken.split(expression)
        guard !tokens.isEmpty else {
            throw ExpressionError(
                .syntax, "The expression is empty.", remedy: "Write a column's name, or leave the line out.")
        }
        let rules = ExpressionRules(
            columns: Dictionary(columns.map { ($0.name.lowercased(), $0.kind) }) { first, _ in first }, tokens: tokens,
            partner: try pair(tokens))
        for index in tokens.indices { try rules.check(index) }
    }

    private static func pair(_ tokens: [SQLToken]) throws(ExpressionError) -> [Int: Int] {
        var partner: [Int: Int] = [:]
        var open: [Int] = []
        for (index, token) in tokens.enumerated() where token.kind == .symbol {
            if token.text == "(" {
                open.append(index)
            } else if token.text == ")" {
                guard let opening = open.popLast() else {
                    throw ExpressionError(
                        .syntax, "This parenthesis closes nothing.", remedy: "Remove it.", offset: token.offset)
                }
                partner[opening] = index
                partner[index] = opening
            }
        }
        if let opening = open.last {
            throw ExpressionError(
                .syntax, "This parenthesis does not close.", remedy: "Close it.", offset: tokens[opening].offset)
        }
        return partner
    }

    private func check(_ index: Int) throws(ExpressionError) {
        let token = tokens[index]
        switch token.kind {
        case .parameter:
            throw ExpressionError(
                .notAllowed, "\"\(token.text)\" is a parameter, and an expression has none.",
                remedy: "Text stands in single quotes.", offset: token.offset)
        case .quotedName:
            // SQLite reads an unknown name in double quotes as text.
            if kind(of: token) == nil, token.lowercased != "new" {
                throw ExpressionError(
                    .unknownColumn, "There is no column \"\(token.text)\".",
                    remedy: "Text stands in single quotes: '\(token.text)'.", offset: token.offset)
            }
        case .symbol:
            try checkSymbol(index)
        case .name:
            try checkName(index)
        case .string, .literal:
            break
        }
    }

    private func checkSymbol(_ index: Int) throws(ExpressionError) {
        let token = tokens[index]
        switch token.text {
        case ";":
            throw ExpressionError(
                .notAllowed, "An expression is one expression, not several statements.",
                remedy: "Remove the semicolon.",
                offset: token.offset)
        case "::":
            throw ExpressionError(
                .syntax, "\"::\" is Postgres' cast.",
                remedy: "Write cast(x as text), or to_decimal(x, p, s) for an exact number.", offset: token.offset)
        case "=", "==", "!=", "<>", "<", ">", "<=", ">=":
            try checkComparison(index)
        default:
            break
        }
    }

    private func checkName(_ index: Int) throws(ExpressionError) {
        let token = tokens[index]
        let name = token.lowercased
        let isCall = peek(index + 1)?.isSymbol("(") == true
        let isQualified = peek(index - 1)?.isSymbol(".") == true
        if !isQualified, let instead = ExpressionFunctionNames.notRepeatable[name],
            isCall || name.hasPrefix("current_") || name.hasPrefix("local") && columns[name] == nil
        {
            throw ExpressionError(
                .notRepeatable, "\(token.text) would give another result each time the log is replayed.",
                remedy: "Use \(instead).", offset: token.offset)
        }
        if name == "between" || name == "in" { try checkComparison(index) }
        guard isCall, !isQualified else { return }
        if let instead = ExpressionFunctionNames.replacements[name] {
            throw ExpressionError(
                .unknownFunction, "There is no function \(token.text).", remedy: "Use \(instead).", offset: token.offset
            )
        }
        if name == "cast" { try checkCast(index) }
        if name == "at_zone" { try checkZone(index) }
        if ExpressionFunctionNames.dates.contains(name) { try checkDate(index) }
        if name == "min" || name == "max" { try checkExtreme(index) }
    }

    // MARK: Calls

    /// The arguments of the call whose name stands at `index`, as ranges of tokens.
    private func arguments(_ index: Int) -> [Range<Int>] {
        guard let end = partner[index + 1], end > index + 2 else { return [] }
        var arguments: [Range<Int>] = []
        var start = index + 2
        var at = start
        while at < end {
            if tokens[at].isSymbol(",") {
                arguments.append(start..<at)
                start = at + 1
            }
            at = (tokens[at].isSymbol("(") ? partner[at] ?? at : at) + 1
        }
        return arguments + [start..<end]
    }

    private func checkCast(_ index: Int) throws(ExpressionError) {
        guard let end = partner[index + 1],
            let keyword = (index..<end).last(where: { tokens[$0].kind == .name && tokens[$0].lowercased == "as" }),
            let type = peek(keyword + 1)
        else { return }
        let hasDigits = peek(keyword + 2)?.isSymbol("(") == true
        switch type.lowercased {
        case "numeric" where hasDigits, "decimal", "dec":
            throw ExpressionError(
                .inexact, "cast(… as \(type.text)) does not keep exact decimals in SQLite.",
                remedy: "Use to_decimal(x, precision, scale).", offset: type.offset)
        case "integer", "int", "bigint", "real", "text", "blob", "numeric":
            if hasDigits || keyword + 2 != end { fallthrough }
        default:
            throw ExpressionError(
                .notAllowed, "cast(… as \(type.text)…) means something else in SQLite.",
                remedy: "cast knows integer, real, text, blob and numeric; substr(x, 1, n) cuts a text.",
                offset: type.offset)
        }
    }

    private func checkZone(_ index: Int) throws(ExpressionError) {
        let arguments = arguments(index)
        guard arguments.count == 2, arguments[1].count == 1, let zone = peek(arguments[1].lowerBound),
            zone.kind == .string
        else { return }
        guard LocalTime.isZone(zone.text) else {
            throw ExpressionError(
                .notAllowed, "\"\(zone.text)\" is no time zone.",
                remedy: "Use a name such as 'Europe/Berlin' or 'Asia/Seoul'.",
                offset: zone.offset)
        }
    }

    private func checkDate(_ index: Int) throws(ExpressionError) {
        let name = tokens[index]
        let arguments = arguments(index)
        guard arguments.count >= (name.lowercased == "strftime" ? 2 : 1) else {
            throw ExpressionError(
                .notRepeatable,
                "\(name.text) without a time means the current time, which a replay would not give again.",
                remedy: "Name the time: \(name.text)(…, commit_ts()).", offset: name.offset)
        }
        for argument in arguments where argument.count == 1 && tokens[argument.lowerBound].kind == .string {
            let text = tokens[argument.lowerBound]
            switch text.lowercased.trimmingCharacters(in: .whitespaces) {
            case "now":
                throw ExpressionError(
                    .notRepeatable, "'now' would give another result each time the log is replayed.",
                    remedy: "Use commit_ts().", offset: text.offset)
            case "localtime", "utc":
                throw ExpressionError(
                    .notRepeatable, "'\(text.text)' depends on the zone of the machine.",
                    remedy: "Use at_zone(ts, 'Europe/Berlin').", offset: text.offset)
            default: break
            }
        }
    }

    // MARK: Decimals are text

    /// `coalesce(weight, 0) > 10` would compare text with a number, and any text is greater than any number.
    private func checkComparison(_ index: Int) throws(ExpressionError) {
        let right = index + 1
        guard let left = operand(endingAt: index - (peek(index - 1)?.lowercased == "not" ? 2 : 1)) else { return }
        for (one, other) in [(left, right), (right, left)] where isDecimalText(startingAt: one) {
            let otherToken = peek(other)
            let otherIsNumber =
                otherToken?.kind == .name && otherToken?.lowercased == "cast"
                || columnKind(startingAt: other).map { $0 != .text && $0 != .bytes } == true
            // A text literal beside a decimal means its exact digits.
            if otherIsNumber || otherToken?.kind == .string { continue }
            throw ExpressionError(
                .inexact, "\(tokens[one].text)(…) gives decimals as text here, and text does not compare with numbers.",
                remedy: "Write cast(\(tokens[one].text)(…) as numeric).", offset: tokens[one].offset)
        }
    }

    /// `max(weight, 0)` would always be the weight.
    private func checkExtreme(_ index: Int) throws(ExpressionError) {
        let arguments = arguments(index)
        guard arguments.count > 1 else { return }
        for argument in arguments {
            let isColumn = columnKind(startingAt: argument.lowerBound) == .decimal && [1, 3].contains(argument.count)
            if isColumn || isDecimalText(startingAt: argument.lowerBound) {
                throw ExpressionError(
                    .inexact, "\(tokens[index].text)(…) would compare decimals as text.",
                    remedy: "Write case when cast(a as numeric) > cast(b as numeric) then a else b end.",
                    offset: tokens[argument.lowerBound].offset)
            }
        }
    }

    /// The first token of the call, column or literal whose last token is at `end`.
    private func operand(endingAt end: Int) -> Int? {
        guard let last = peek(end) else { return nil }
        if last.isSymbol(")") {
            guard let opening = partner[end] else { return nil }
            return peek(opening - 1)?.kind == .name ? opening - 1 : opening
        }
        return peek(end - 1)?.isSymbol(".") == true ? end - 2 : end
    }

    private func isDecimalText(startingAt index: Int) -> Bool {
        guard let name = peek(index), name.kind == .name, peek(index + 1)?.isSymbol("(") == true,
            let end = partner[index + 1]
        else { return false }
        // What follows an operator is computed, and a number then.
        if let following = peek(end + 1), ["+", "-", "*", "/", "%"].contains(following.text) { return false }
        if ExpressionFunctionNames.decimals.contains(name.lowercased) { return true }
        guard ExpressionFunctionNames.passing.contains(name.lowercased) else { return false }
        return (index + 2..<end).contains { inner in
            columnKind(startingAt: inner) == .decimal
                || ExpressionFunctionNames.decimals.contains(tokens[inner].lowercased)
        }
    }

    private func columnKind(startingAt index: Int) -> ExpressionColumn.Kind? {
        guard let first = peek(index) else { return nil }
        if first.lowercased == "new", peek(index + 1)?.isSymbol(".") == true {
            return peek(index + 2).flatMap(kind(of:))
        }
        return kind(of: first)
    }

    private func kind(of token: SQLToken) -> ExpressionColumn.Kind? {
        token.kind == .name || token.kind == .quotedName ? columns[token.lowercased] : nil
    }

    private func peek(_ index: Int) -> SQLToken? { tokens.indices.contains(index) ? tokens[index] : nil }
}
