/// A property file as Java writes it, which Kafka's tools take with `--command-config`.
///
/// https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-: a name and a value a line, between them `=`,
/// `:` or blanks; `#` and `!` begin a comment; a backslash at the end joins the next line. `\uXXXX` is read as well.
package enum PropertyFile {
    /// - Returns: the properties in their order. Every text is a property file: there is nothing to refuse.
    package static func read(_ text: String) -> [ClientProperties.Property] {
        logicalLines(text).compactMap { line in
            var characters = line[...]
            let name = take(&characters) { $0 == "=" || $0 == ":" || isBlank($0) }
            characters = characters.drop(while: isBlank)
            if let sign = characters.first, sign == "=" || sign == ":" {
                characters = characters.dropFirst().drop(while: isBlank)
            }
            let value = take(&characters) { _ in false }
            return name.isEmpty ? nil : ClientProperties.Property(name, value)
        }
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t" || character == "\u{0C}"
    }

    /// Lines that are no comments, each joined with those that it goes on in; escapes are still in them.
    private static func logicalLines(_ text: String) -> [String] {
        var lines: [String] = []
        var open: String?
        for raw in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let line = raw.drop(while: isBlank)
            if open == nil, line.isEmpty || line.first == "#" || line.first == "!" { continue }
            let joined = (open ?? "") + line
            if line.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 {
                open = String(joined.dropLast())
            } else {
                lines.append(joined)
                open = nil
            }
        }
        if let open { lines.append(open) }
        return lines
    }

    /// Takes characters off up to one that ends them and is not escaped, and resolves escapes.
    private static func take(_ characters: inout Substring, until isEnd: (Character) -> Bool) -> String {
        var taken = ""
        while let character = characters.first, !isEnd(character) {
            characters.removeFirst()
            guard character == "\\", let escaped = characters.popFirst() else {
                taken.append(character)
                continue
            }
            switch escaped {
            case "t": taken.append("\t")
            case "n": taken.append("\n")
            case "r": taken.append("\r")
            case "f": taken.append("\u{0C}")
            case "u":
                guard characters.count >= 4, let code = UInt32(characters.prefix(4), radix: 16),
                    let scalar = Unicode.Scalar(code)
                else {
                    taken.append("u")
                    continue
                }
                taken.unicodeScalars.append(scalar)
                characters.removeFirst(4)
            default: taken.append(escaped)
            }
        }
        return taken
    }
}
