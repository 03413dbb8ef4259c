/// Names and values inside a statement. Pure; safe whatever `standard_conforming_strings` says.
package enum Quoting {
    /// NAMEDATALEN − 1. The server cuts a longer name without an error, and so reaches another object.
    package static let longestName = 63

    /// `name` in double quotes.
    /// - Throws: `.unusableValue` if it is empty, longer than ``longestName`` bytes or has a NUL.
    package static func identifier(_ name: String) throws(PostgresError) -> String {
        try refuseNUL(name)
        guard !name.isEmpty, name.utf8.count <= longestName else {
            throw PostgresError(
                .unusableValue, "A Postgres name has 1 to \(longestName) bytes, and `\(name)` has \(name.utf8.count).",
                remedy: "Use the name as the catalogue shows it.")
        }
        return "\"" + doubling("\"", in: name) + "\""
    }

    /// `schema.name`, each in double quotes.
    package static func identifier(_ schema: String, _ name: String) throws(PostgresError) -> String {
        try identifier(schema) + "." + identifier(name)
    }

    /// `value` as a literal of SQL. One with a backslash takes the `E''` form, which means the same on every server.
    package static func literal(_ value: String) throws(PostgresError) -> String {
        try refuseNUL(value)
        let quoted = "'" + doubling("'", in: value) + "'"
        return value.utf8.contains(0x5C) ? " E" + doubling("\\", in: quoted) : quoted
    }

    /// `value` as a literal of the replication grammar, which knows no escapes.
    static func replicationLiteral(_ value: String) throws(PostgresError) -> String {
        try refuseNUL(value)
        return "'" + doubling("'", in: value) + "'"
    }

    static func refuseNUL(_ text: String) throws(PostgresError) {
        guard !text.utf8.contains(0) else {
            throw PostgresError(
                .unusableValue, "A text with a NUL character cannot go to Postgres.", remedy: "Take the character out.")
        }
    }

    /// By scalars: a quote that a combining mark follows is still a quote to the server.
    private static func doubling(_ mark: Unicode.Scalar, in text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == mark { result.append(mark) }
            result.append(scalar)
        }
        return String(result)
    }
}
