/// Writes the big-endian fields of the values that the broker keeps in its own topics.
struct BinaryWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(bytes more: [UInt8]) { bytes.append(contentsOf: more) }

    /// UTF-8 behind a 2-byte length. Names of Postgres and of topics are far shorter than its limit.
    mutating func append(text: String) {
        precondition(text.utf8.count <= Int(UInt16.max), "A name of \(text.utf8.count) bytes")
        append(UInt16(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// As ``append(text:)``, for text of at most 32,767 bytes; `nil` is a length of -1.
    mutating func append(nullableText text: String?) {
        guard let text else { return append(Int16(-1)) }
        precondition(text.utf8.count <= Int(Int16.max), "A text of \(text.utf8.count) bytes that may be absent")
        append(text: text)
    }

    /// Bytes behind a 4-byte length; `nil` is a length of -1.
    mutating func append(counted more: [UInt8]?) {
        guard let more else { return append(Int32(-1)) }
        precondition(more.count <= Int(Int32.max), "A field of \(more.count) bytes")
        append(Int32(more.count))
        bytes.append(contentsOf: more)
    }
}

/// Reads such fields. Reading past the end, or text that is not UTF-8, answers nothing and spoils the whole: a decoder
/// asks ``isAtEnd`` once, after its last field.
struct BinaryReader {
    private let bytes: [UInt8]
    private var position = 0
    private var isSpoilt = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// True when every field was there and nothing is left.
    var isAtEnd: Bool { !isSpoilt && position == bytes.count }
    /// True when nothing that was read was missing.
    var isGood: Bool { !isSpoilt }
    var bytesLeft: Int { bytes.count - position }

    mutating func next<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T {
        var value: T = 0
        for byte in next(count: MemoryLayout<T>.size) { value = value << 8 | T(truncatingIfNeeded: byte) }
        return value
    }

    mutating func next(count: Int) -> [UInt8] {
        guard count >= 0, bytesLeft >= count else {
            isSpoilt = true
            return []
        }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    mutating func nextText() -> String {
        let count = Int(next(UInt16.self))
        guard let text = String(validating: next(count: count), as: UTF8.self) else {
            isSpoilt = true
            return ""
        }
        return text
    }

    /// `nil` for a length of -1, which stands for no text.
    mutating func nextNullableText() -> String? {
        let count = next(Int16.self)
        if count == -1 { return nil }
        guard let text = String(validating: next(count: Int(count)), as: UTF8.self) else {
            isSpoilt = true
            return nil
        }
        return text
    }

    /// `nil` for a length of -1, which stands for no bytes.
    mutating func nextCounted() -> [UInt8]? {
        let count = next(Int32.self)
        return count == -1 ? nil : next(count: Int(count))
    }

    /// The number of elements that follow, each of at least `size` bytes: more than there is room for are none.
    mutating func nextCount(ofAtLeast size: Int) -> Int {
        let count = Int(next(Int32.self))
        if count >= 0, count <= bytesLeft / size { return count }
        isSpoilt = true
        return 0
    }

    mutating func spoil() { isSpoilt = true }
}
