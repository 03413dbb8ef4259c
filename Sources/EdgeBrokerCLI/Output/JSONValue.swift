/// A JSON value that keeps the order of its fields, for output in one line.
enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// Finite; written with the digits given.
    case decimal(Double, digits: Int)
    case text(String)
    case array([JSONValue])
    case object([(String, JSONValue)])

    var encoded: String {
        var text = ""
        append(to: &text)
        return text
    }

    private func append(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .decimal(let value, let digits): text += Self.fixed(value, digits)
        case .text(let value): Self.quote(value, into: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.append(to: &text)
            }
            text += "]"
        case .object(let fields):
            text += "{"
            for (index, field) in fields.enumerated() {
                if index > 0 { text += "," }
                Self.quote(field.0, into: &text)
                text += ":"
                field.1.append(to: &text)
            }
            text += "}"
        }
    }

    /// Without the C library's locale.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { power, _ in power * 10 }
        let scaled = (value * scale).rounded()
        guard scaled.magnitude < 9e18 else { return "\(value)" }
        var text = String(Int64(scaled.magnitude))
        if digits > 0 {
            while text.utf8.count <= digits { text = "0" + text }
            text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
        }
        return scaled < 0 ? "-" + text : text
    }

    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            // Line ends of other conventions are escaped too, so that a record stays a line for every reader.
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{85}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
