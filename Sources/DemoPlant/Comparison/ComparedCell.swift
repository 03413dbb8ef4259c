import SQLiteClient

/// One value of the ERP, as Postgres' text, beside one of the MES.
struct ComparedCell {
    let expected: String?
    let actual: SQLiteValue

    var isEqual: Bool {
        switch (expected, actual) {
        case (nil, .null): true
        case (let expected?, .integer(let integer)): expected == String(integer)
        // The one type without a common text: both sides mean the nearest binary fraction.
        case (let expected?, .real(let real)): Double(expected) == real
        // Bytes, because Swift's == on strings takes "é" for "é" in either of its encodings.
        case (let expected?, .text(let text)): expected.utf8.elementsEqual(text.utf8)
        default: false
        }
    }

    var actualText: String? {
        switch actual {
        case .null: nil
        case .integer(let integer): String(integer)
        case .real(let real): String(real)
        case .text(let text): text
        case .blob(let bytes): "\(bytes.count) bytes"
        }
    }

    /// `"a" ≠ "b"`, shortened.
    var description: String { "\(Self.shown(expected)) in the ERP, \(Self.shown(actualText)) in the MES" }

    private static func shown(_ text: String?) -> String {
        guard let text else { return "NULL" }
        return text.count <= 60 ? "\"\(text)\"" : "\"\(text.prefix(60))…\" (\(text.utf8.count) bytes)"
    }
}
