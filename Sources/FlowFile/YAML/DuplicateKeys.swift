/// Makes repeated keys distinct, so that a document with some can be read to its end and all its mistakes be told.
///
/// Yams stops at the first map with a repeated key and gives the place of the first occurrence. Here that occurrence's first
/// letter is replaced by a scalar of the private use area, which keeps every line and column, and the text is read again.
struct DuplicateKeys {
    private(set) var text: String
    private var names: [String] = []

    private static let firstMarker: UInt32 = 0xE000
    /// More repeated keys than this are reported one by one.
    private static let limit = 100

    init(_ text: String) { self.text = text }

    /// Marks the occurrence of `name` at this place.
    /// - Returns: `false` if there is no such key as plain or quoted text, or it was marked before.
    mutating func mark(_ name: String, line: Int, column: Int) -> Bool {
        guard names.count < Self.limit, let first = name.unicodeScalars.first,
            let marker = Unicode.Scalar(Self.firstMarker + UInt32(names.count)),
            var index = index(line: line, column: column)
        else { return false }
        var scalars = text.unicodeScalars
        if index < scalars.endIndex, scalars[index] == "\"" || scalars[index] == "'" {
            scalars.formIndex(after: &index)
        }
        guard index < scalars.endIndex, scalars[index] == first else { return false }
        scalars.replaceSubrange(index..<scalars.index(after: index), with: [marker])
        text = String(scalars)
        names.append(name)
        return true
    }

    /// The name behind a marked key.
    func original(of key: String) -> String? {
        guard let first = key.unicodeScalars.first?.value, first >= Self.firstMarker else { return nil }
        let number = Int(first - Self.firstMarker)
        guard number < names.count,
            names[number].unicodeScalars.dropFirst().elementsEqual(key.unicodeScalars.dropFirst())
        else { return nil }
        return names[number]
    }

    /// Lines as YAML counts them.
    private func index(line: Int, column: Int) -> String.Index? {
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        var currentLine = 1
        while currentLine < line {
            guard index < scalars.endIndex else { return nil }
            let scalar = scalars[index]
            scalars.formIndex(after: &index)
            if scalar == "\r" {
                if index < scalars.endIndex, scalars[index] == "\n" { scalars.formIndex(after: &index) }
                currentLine += 1
            } else if ["\n", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) {
                currentLine += 1
            }
        }
        return scalars.index(index, offsetBy: column - 1, limitedBy: scalars.endIndex)
    }
}
