/// Postgres' text of arrays, as `array_out` writes it: `{1,NULL,"a b"}`, `{{1,2},{3,4}}`, `[0:1]={1,2}`.
extension JSONWriter {
    /// `MAXDIM` of the server.
    private static let maximumDimensions = 6

    /// - Returns: `false` if `text` is no array; what was written then counts for nothing.
    mutating func putArray(_ text: UnsafeRawBufferPointer, of element: ValueForm, delimiter: UInt8) -> Bool {
        var scanner = LiteralScanner(text)
        guard scanner.skipBounds() else { return false }
        var depth = 0
        while true {
            if scanner.take(UInt8(ascii: "{")) {
                depth += 1
                guard depth <= Self.maximumDimensions else { return false }
                put(UInt8(ascii: "["))
                guard scanner.current == UInt8(ascii: "}") else { continue }
            } else {
                guard depth > 0, putElement(&scanner, element, delimiter) else { return false }
            }
            while scanner.take(UInt8(ascii: "}")) {
                put(UInt8(ascii: "]"))
                depth -= 1
                if depth == 0 { return scanner.isAtEnd }
            }
            guard scanner.take(delimiter) else { return false }
            put(UInt8(ascii: ","))
        }
    }

    private mutating func putElement(_ scanner: inout LiteralScanner, _ form: ValueForm, _ delimiter: UInt8) -> Bool {
        if scanner.current == UInt8(ascii: "\"") {
            guard let text = scanner.quoted() else { return false }
            text.withUnsafeBytes { putValue($0, as: form) }
            return true
        }
        let text = scanner.plain(upTo: delimiter)
        if text.isEmpty { return false }
        if text.elementsEqual("NULL".utf8) {
            put("null")
        } else {
            putValue(text, as: form)
        }
        return true
    }

    /// Postgres' text of hstore: `"a"=>"1", "b"=>NULL`.
    mutating func putHStore(_ text: UnsafeRawBufferPointer) -> Bool {
        var scanner = LiteralScanner(text)
        put(UInt8(ascii: "{"))
        var isFirst = true
        while !scanner.isAtEnd {
            if !isFirst {
                guard scanner.take(UInt8(ascii: ",")), scanner.take(UInt8(ascii: " ")) else { return false }
                put(UInt8(ascii: ","))
            }
            isFirst = false
            guard let key = scanner.quoted(), scanner.take(UInt8(ascii: "=")), scanner.take(UInt8(ascii: ">")) else {
                return false
            }
            key.withUnsafeBytes { putQuoted($0) }
            put(UInt8(ascii: ":"))
            if scanner.current == UInt8(ascii: "\"") {
                guard let value = scanner.quoted() else { return false }
                value.withUnsafeBytes { putQuoted($0) }
            } else {
                guard scanner.plain(upTo: UInt8(ascii: ",")).elementsEqual("NULL".utf8) else { return false }
                put("null")
            }
        }
        put(UInt8(ascii: "}"))
        return true
    }
}

/// Walks over the text of an array or hstore. Running past the end answers nothing.
private struct LiteralScanner {
    private let text: UnsafeRawBufferPointer
    private var position = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    var current: UInt8? { position < text.count ? text[position] : nil }
    var isAtEnd: Bool { position == text.count }

    mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    /// `[0:1][2:3]=`, which only stands before arrays whose bounds do not begin at 1.
    mutating func skipBounds() -> Bool {
        guard current == UInt8(ascii: "[") else { return true }
        while let byte = current {
            position += 1
            if byte == UInt8(ascii: "=") { return true }
        }
        return false
    }

    /// A text in double quotes, in which a backslash makes the next byte mean itself.
    mutating func quoted() -> [UInt8]? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var content: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return content
            case UInt8(ascii: "\\"):
                guard let next = current else { return nil }
                position += 1
                content.append(next)
            default: content.append(byte)
            }
        }
        return nil
    }

    mutating func plain(upTo delimiter: UInt8) -> UnsafeRawBufferPointer {
        let start = position
        while let byte = current, byte != delimiter, byte != UInt8(ascii: "}"), byte != UInt8(ascii: "\"") {
            position += 1
        }
        return UnsafeRawBufferPointer(rebasing: text[start..<position])
    }
}
