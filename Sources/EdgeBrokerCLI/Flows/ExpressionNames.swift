/// The names in an expression that could be columns.
enum ExpressionNames {
    /// Words and quoted names that are not called as functions, each once, whatever its case. Keywords are among them; as names
    /// of columns they do no harm.
    static func possibleColumns(of expression: String) -> [String] {
        var names: [String] = []
        var rest = expression[...]
        while let character = rest.first {
            if character == "'" {
                rest = afterQuote(rest)
            } else if character == "\"" {
                let after = afterQuote(rest)
                note(rest[..<after.startIndex].dropFirst().dropLast().replacing("\"\"", with: "\""), in: &names)
                rest = after
            } else if character.isLetter || character == "_" {
                let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
                rest = rest.dropFirst(word.count)
                let isCall = rest.drop(while: \.isWhitespace).first == "("
                if !isCall, word.lowercased() != "new" { note(String(word), in: &names) }
            } else if character.isNumber {
                // 1e3 holds no name.
                rest = rest.drop { $0.isLetter || $0.isNumber || $0 == "." }
            } else {
                rest = rest.dropFirst()
            }
        }
        return names
    }

    /// Behind a quoted piece; a doubled quote is part of it.
    private static func afterQuote(_ text: Substring) -> Substring {
        guard let quote = text.first else { return text }
        var rest = text.dropFirst()
        while let end = rest.firstIndex(of: quote) {
            rest = rest[rest.index(after: end)...]
            if rest.first != quote { return rest }
            rest = rest.dropFirst()
        }
        return rest[rest.endIndex...]
    }

    private static func note(_ name: some StringProtocol, in names: inout [String]) {
        if !name.isEmpty, !names.contains(where: { $0.lowercased() == name.lowercased() }) {
            names.append(String(name))
        }
    }
}
