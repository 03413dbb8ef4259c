/// A table as Postgres stores its name. Its text is `erp.items`, or `"Sche.ma"."My Table"` where a name has a dot, a quote or
/// a blank in it. Nothing is folded to lower case.
package struct TableName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let schema: String
    package let name: String

    package init(schema: String, name: String) {
        self.schema = schema
        self.name = name
    }

    /// - Returns: `nil` unless `text` is exactly what ``description`` writes for some table, or a quoted form of it.
    package init?(_ text: String) {
        if let plain = Self.plain(text) {
            self = plain
            return
        }
        var rest = Array(text.unicodeScalars)[...]
        guard let schema = Self.takeName(&rest), rest.popFirst() == ".", let name = Self.takeName(&rest), rest.isEmpty
        else { return nil }
        self.init(schema: schema, name: name)
    }

    /// The usual case, for which nothing has to be known of Unicode.
    private static func plain(_ text: String) -> TableName? {
        guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        for byte in text.utf8 where byte <= 0x20 || byte >= 0x7f || byte == UInt8(ascii: "\"") { return nil }
        let name = text[text.utf8.index(after: dot)...]
        guard dot > text.startIndex, !name.isEmpty, !name.utf8.contains(UInt8(ascii: ".")) else { return nil }
        return TableName(schema: String(text[..<dot]), name: String(name))
    }

    private static func takeName(_ text: inout ArraySlice<Unicode.Scalar>) -> String? {
        var name = String.UnicodeScalarView()
        if text.first == "\"" {
            text = text.dropFirst()
            while true {
                guard let scalar = text.popFirst() else { return nil }
                if scalar == "\"" {
                    guard text.first == "\"" else { break }
                    text = text.dropFirst()
                }
                name.append(scalar)
            }
        } else {
            while let scalar = text.first, !needsQuotes(scalar) {
                name.append(scalar)
                text = text.dropFirst()
            }
        }
        return name.isEmpty ? nil : String(name)
    }

    package var description: String { "\(Self.written(schema)).\(Self.written(name))" }

    /// Both names quoted as SQL wants them, whatever letters they have.
    package var sql: String { "\(Self.quoted(schema)).\(Self.quoted(name))" }

    /// An identifier as SQL wants it.
    package static func quoted(_ name: String) -> String {
        var quoted = "\""
        for scalar in name.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    private static func written(_ name: String) -> String {
        name.unicodeScalars.contains(where: needsQuotes) ? quoted(name) : name
    }

    private static func needsQuotes(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar == "\"" || scalar.properties.isWhitespace
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.schema, left.name) < (right.schema, right.name)
    }
}
