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
        // One line, whatever is in it.
        let text = String(parts.joined(separator: ", ").map { $0.isNewline ? " " : $0 })
        return text.count <= lengthLimit ? text : text.prefix(lengthLimit) + "…"
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
