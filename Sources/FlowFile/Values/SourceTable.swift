/// A table of the source, as Postgres stores its name: `erp.items`, or `"Sche.ma"."My Table"` where a name has a dot.
///
/// Nothing is folded to lower case: `ERP.Items` means a schema of upper-case letters.
package struct SourceTable: Sendable, Hashable, CustomStringConvertible {
    package let schema: String
    package let name: String

    package init(schema: String, name: String) {
        self.schema = schema
        self.name = name
    }

    package init?(_ text: String) {
        var rest = text[...]
        guard let schema = Self.takeName(&rest), rest.first == "." else { return nil }
        rest = rest.dropFirst()
        guard let name = Self.takeName(&rest), rest.isEmpty else { return nil }
        self.init(schema: schema, name: name)
    }

    /// Postgres cuts names at 63 bytes, so a longer one names nothing.
    private static func takeName(_ text: inout Substring) -> String? {
        var name = ""
        if text.first == "\"" {
            text = text.dropFirst()
            while true {
                guard let character = text.popFirst() else { return nil }
                if character != "\"" {
                    name.append(character)
                } else if text.first == "\"" {
                    text = text.dropFirst()
                    name.append("\"")
                } else {
                    break
                }
            }
        } else {
            name = String(text.prefix { $0 != "." && $0 != "\"" && !$0.isWhitespace })
            text = text.dropFirst(name.count)
        }
        return name.isEmpty || name.utf8.count > 63 || name.utf8.contains(0) ? nil : name
    }

    package var description: String { "\(Self.quoted(schema)).\(Self.quoted(name))" }

    private static func quoted(_ name: String) -> String {
        let needsQuotes = name.contains { $0 == "." || $0 == "\"" || $0.isWhitespace }
        return needsQuotes
            ? "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            : name
    }
}
