import ChangeEvents
import SQLiteClient

/// A row's key as a person reads it in an error: `wo_no=WO-4711, op_no=10`.
enum RowKeyText {
    /// Enough to find a row by; a key of a kilobyte would hide the reason behind it.
    private static let lengthLimit = 200

    static func text(_ key: some Sequence<(String, SQLiteValue)>) -> String {
        limited(key.map { name, value in "\(name)=\(text(value))" })
    }

    static func text(_ key: [Field]) -> String {
        limited(key.map { field in "\(field.name)=\(text(field.value))" })
    }

    private static func limited(_ parts: [String]) -> String {
        let text = printable(parts.joined(separator: ", "))
        return text.count <= lengthLimit ? text : text.prefix(lengthLimit) + "…"
    }

    /// One line that does nothing to a terminal or a log, whatever the ERP holds: controls and line breaks as `\u{1b}`.
    private static func printable(_ text: String) -> String {
        var printable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator:
                printable.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: printable.append(scalar)
            }
        }
        return String(printable)
    }

    private static func text(_ value: SQLiteValue) -> String {
        switch value {
        case .null: "NULL"
        case .integer(let integer): "\(integer)"
        case .real(let double): "\(double)"
        case .text(let text): text
        case .blob(let bytes): "\(bytes.count) bytes"
        }
    }

    private static func text(_ value: FieldValue) -> String {
        switch value {
        case .null: "NULL"
        case .boolean(let isTrue): "\(isTrue)"
        case .number(let text), .text(let text), .json(let text): text
        }
    }
}
