/// Why bytes are not the JSON that was expected, and at which byte.
struct JSONFault: Error, CustomStringConvertible {
    let what: String
    let position: Int

    var description: String { "\(what) at byte \(position)" }
}

/// Reads `bytes` to their end with `body`.
func withJSONReader<Value>(
    _ bytes: [UInt8], _ body: (inout JSONReader) throws(JSONFault) -> Value
) throws(JSONFault) -> Value {
    let result = bytes.withUnsafeBytes { buffer in
        Result { () throws(JSONFault) -> Value in
            var reader = JSONReader(buffer)
            let value = try body(&reader)
            try reader.end()
            return value
        }
    }
    return try result.get()
}

/// A small strict reader of JSON for our own formats. It never traps, keeps numbers as text, and its depth does not depend on
/// the input: what may be nested is skipped in one loop.
struct JSONReader {
    /// How deep a skipped value may be nested; more than any server with a default `max_stack_depth` accepts.
    static let maximumDepth = 65_536

    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func fault(_ what: String) -> JSONFault { JSONFault(what: what, position: position) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    /// The first byte of the next token.
    mutating func peek() throws(JSONFault) -> UInt8 {
        skipBlanks()
        guard let byte = current else { throw fault("an early end") }
        return byte
    }

    private mutating func take(_ byte: UInt8) throws(JSONFault) {
        guard try peek() == byte else { throw fault("something other than '\(Character(Unicode.Scalar(byte)))'") }
        position += 1
    }

    mutating func end() throws(JSONFault) {
        skipBlanks()
        guard position == bytes.count else { throw fault("something after the end") }
    }

    // MARK: Structure

    /// `field` gets each name and must read its value. Whether a name comes twice is not looked at.
    mutating func object(_ field: (inout JSONReader, String) throws(JSONFault) -> Void) throws(JSONFault) {
        try take(UInt8(ascii: "{"))
        if try peek() == UInt8(ascii: "}") { return position += 1 }
        while true {
            let name = try string()
            try take(UInt8(ascii: ":"))
            try field(&self, name)
            if try separator(UInt8(ascii: "}")) { return }
        }
    }

    mutating func array(_ element: (inout JSONReader) throws(JSONFault) -> Void) throws(JSONFault) {
        try take(UInt8(ascii: "["))
        if try peek() == UInt8(ascii: "]") { return position += 1 }
        while true {
            try element(&self)
            if try separator(UInt8(ascii: "]")) { return }
        }
    }

    /// - Returns: whether `close` was there, and not a comma.
    private mutating func separator(_ close: UInt8) throws(JSONFault) -> Bool {
        let byte = try peek()
        guard byte == close || byte == UInt8(ascii: ",") else { throw fault("neither a comma nor a closing bracket") }
        position += 1
        return byte == close
    }

    // MARK: Values

    mutating func boolean() throws(JSONFault) -> Bool {
        let isTrue = try peek() == UInt8(ascii: "t")
        try literal(isTrue ? "true" : "false")
        return isTrue
    }

    mutating func null() throws(JSONFault) { try literal("null") }

    private mutating func literal(_ text: StaticString) throws(JSONFault) {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { throw fault("an early end") }
        for index in 0..<count where bytes[position + index] != text.utf8Start[index] { throw fault("an unknown word") }
        position += count
    }

    /// The digits as they stand.
    mutating func number() throws(JSONFault) -> String {
        _ = try peek()
        let length = JSONNumber.length(of: UnsafeRawBufferPointer(rebasing: bytes[position...]))
        guard length > 0 else { throw fault("something that is no number") }
        defer { position += length }
        return try text(UnsafeRawBufferPointer(rebasing: bytes[position..<(position + length)]), isASCII: true)
    }

    /// A number that is whole and fits.
    mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(JSONFault) -> T {
        guard let value = T(try number()) else { throw fault("a number that is not whole or too large") }
        return value
    }

    mutating func string() throws(JSONFault) -> String {
        let content = try stringContent()
        guard content.hasEscapes else { return try text(content.bytes, isASCII: content.isASCII) }
        let bytes = try unescaped(content.bytes)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("text that is not UTF-8") }
        return text
    }

    /// UTF-8 as text; anything else is a fault.
    func text(_ bytes: UnsafeRawBufferPointer, isASCII: Bool = false) throws(JSONFault) -> String {
        // The standard library's own check costs more than all the rest of reading a short string.
        if isASCII { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes.assumingMemoryBound(to: UInt8.self), as: UTF8.self) else {
            throw fault("text that is not UTF-8")
        }
        return text
    }

    private struct StringContent {
        /// Between the quotes, escapes and all.
        let bytes: UnsafeRawBufferPointer
        let hasEscapes: Bool
        let isASCII: Bool
    }

    private mutating func stringContent() throws(JSONFault) -> StringContent {
        try take(UInt8(ascii: "\""))
        let start = position
        var at = position
        var hasEscapes = false
        var union: UInt64 = 0
        while true {
            at = PlainText.end(bytes, from: at, union: &union)
            guard at < bytes.count else { break }
            if bytes[at] == UInt8(ascii: "\"") {
                position = at + 1
                return StringContent(
                    bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<at]), hasEscapes: hasEscapes,
                    isASCII: union & 0x8080_8080_8080_8080 == 0)
            }
            if bytes[at] < 0x20 {
                position = at
                throw fault("a control character in a string")
            }
            // A backslash, and whatever it escapes.
            hasEscapes = true
            at += 2
        }
        position = bytes.count
        throw fault("a string without an end")
    }

    private func unescaped(_ content: UnsafeRawBufferPointer) throws(JSONFault) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(content.count)
        var at = 0
        while at < content.count {
            let byte = content[at]
            at += 1
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            // The scan for the closing quote never splits an escape.
            let escape = content[at]
            at += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "r"): text.append(0x0d)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0c)
            case UInt8(ascii: "u"): text += Array(String(try scalar(content, &at)).utf8)
            default: throw fault("an unknown escape")
            }
        }
        return text
    }

    /// `at` stands behind `\u`. Half of a surrogate pair, which the json type lets pass, becomes U+FFFD.
    private func scalar(_ content: UnsafeRawBufferPointer, _ at: inout Int) throws(JSONFault) -> Character {
        let first = try codeUnit(content, &at)
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        guard first < 0xdc00, content.count - at >= 6, content[at] == UInt8(ascii: "\\"),
            content[at + 1] == UInt8(ascii: "u")
        else { return "\u{fffd}" }
        var ahead = at + 2
        let second = try codeUnit(content, &ahead)
        guard (0xdc00...0xdfff).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else { return "\u{fffd}" }
        at = ahead
        return Character(scalar)
    }

    private func codeUnit(_ content: UnsafeRawBufferPointer, _ at: inout Int) throws(JSONFault) -> UInt32 {
        guard content.count - at >= 4 else { throw fault("a short escape") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hexadecimal.value(content[at]) else { throw fault("an escape that is not hexadecimal") }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    // MARK: Any value

    /// The bytes of the next value, whatever it is; it is sound JSON.
    mutating func raw() throws(JSONFault) -> UnsafeRawBufferPointer {
        _ = try peek()
        let start = position
        try skip()
        return UnsafeRawBufferPointer(rebasing: bytes[start..<position])
    }

    mutating func skip() throws(JSONFault) {
        // One byte per open bracket: its closing one.
        var open: [UInt8] = []
        while true {
            switch try peek() {
            case UInt8(ascii: "{"):
                position += 1
                if try peek() == UInt8(ascii: "}") {
                    position += 1
                } else {
                    try push(UInt8(ascii: "}"), &open)
                    try memberName()
                    continue
                }
            case UInt8(ascii: "["):
                position += 1
                if try peek() == UInt8(ascii: "]") {
                    position += 1
                } else {
                    try push(UInt8(ascii: "]"), &open)
                    continue
                }
            case UInt8(ascii: "\""): try skipString()
            case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
            case UInt8(ascii: "n"): try null()
            default: try skipNumber()
            }
            // A value has ended; so may brackets around it.
            while let close = open.last, try separator(close) { open.removeLast() }
            guard let close = open.last else { return }
            if close == UInt8(ascii: "}") { try memberName() }
        }
    }

    private func push(_ close: UInt8, _ open: inout [UInt8]) throws(JSONFault) {
        guard open.count < Self.maximumDepth else { throw fault("nesting deeper than \(Self.maximumDepth)") }
        open.append(close)
    }

    private mutating func memberName() throws(JSONFault) {
        try skipString()
        try take(UInt8(ascii: ":"))
    }

    private mutating func skipString() throws(JSONFault) {
        let content = try stringContent()
        if content.hasEscapes { _ = try unescaped(content.bytes) }
    }

    private mutating func skipNumber() throws(JSONFault) {
        let length = JSONNumber.length(of: UnsafeRawBufferPointer(rebasing: bytes[position...]))
        guard length > 0 else { throw fault("something that is no value") }
        position += length
    }
}
