import Yams

/// Turns the parser's complaint into a sentence for somebody who wrote an SQL expression and met YAML.
enum YAMLSyntaxError {
    static let quoteRemedy = "put the expression in quotes or on its own `|` line"

    static func explain(_ error: any Error, in text: String, _ file: String) -> ConfigurationIssue {
        func issue(_ line: Int, _ column: Int, _ message: String) -> ConfigurationIssue {
            ConfigurationIssue(SourcePosition(file: file, line: max(1, line), column: max(1, column)), message)
        }
        guard let error = error as? YamlError else { return issue(1, 1, "cannot be read as YAML: \(error)") }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let what = context.map { "\($0.text), \(problem)" } ?? problem
            let line = self.line(mark.line, of: text)
            return issue(mark.line, mark.column, "not valid YAML: \(what)\(hint(for: problem, in: line))")
        case .reader(let problem, let offset, _, _):
            let (line, column) = place(of: offset ?? 0, in: text)
            return issue(line, column, "not valid YAML: \(problem)")
        default:
            return issue(1, 1, "cannot be read as YAML: \(error)")
        }
    }

    private static func hint(for problem: String, in line: Substring) -> String {
        if line.prefix(while: \.isWhitespace).contains("\t") {
            return "; YAML is indented with spaces, never with tabs"
        }
        if problem.contains("mapping values are not allowed") {
            return "; if `: ` is part of an expression, \(quoteRemedy)"
        }
        if line.contains("${"), line.contains("{ ") { return "; inside { } put a value with ${…} in double quotes" }
        if endsAfterQuote(line) {
            return "; a value that begins with a quote ends at the next one: \(quoteRemedy)"
        }
        if problem.contains("cannot start any token") { return "; \(quoteRemedy)" }
        return ""
    }

    /// `label: 'a' || b`
    private static func endsAfterQuote(_ line: Substring) -> Bool {
        guard let colon = line.firstRange(of: ": ") else { return false }
        let value = line[colon.upperBound...].drop(while: \.isWhitespace)
        guard let quote = value.first, quote == "'" || quote == "\"" else { return false }
        guard let close = value.dropFirst().firstIndex(of: quote) else { return false }
        let rest = value[value.index(after: close)...].drop(while: \.isWhitespace)
        return !rest.isEmpty && !rest.hasPrefix("#")
    }

    private static func line(_ number: Int, of text: String) -> Substring {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.indices.contains(number - 1) ? lines[number - 1] : ""
    }

    /// - Parameter offset: in characters.
    private static func place(of offset: Int, in text: String) -> (line: Int, column: Int) {
        let lines = text.prefix(offset).split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.count, (lines.last?.unicodeScalars.count ?? 0) + 1)
    }
}
