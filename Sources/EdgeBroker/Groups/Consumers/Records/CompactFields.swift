/// The fields of Kafka's flexible versions: a length or a count stands as an unsigned varint of one more, 0 is none, and tagged fields
/// may follow, which are read past.
extension BinaryWriter {
    mutating func append(compactCount count: Int) { append(varint: UInt64(count) + 1) }

    mutating func append(compactText text: String) {
        append(compactCount: text.utf8.count)
        append(bytes: Array(text.utf8))
    }

    mutating func append(compactNullableText text: String?) {
        if let text { append(compactText: text) } else { append(varint: 0) }
    }

    /// None of ours has tagged fields.
    mutating func appendNoTags() { append(varint: 0) }

    mutating func append(varint value: UInt64) {
        var value = value
        while value > 0x7F {
            append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        append(UInt8(truncatingIfNeeded: value))
    }
}

extension BinaryReader {
    mutating func nextVarint() -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 28, by: 7) {
            let byte: UInt8 = next()
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        spoil()
        return 0
    }

    /// The number of elements that follow, each of at least `size` bytes: more than there is room for are none.
    mutating func nextCompactCount(ofAtLeast size: Int) -> Int {
        let count = Int(nextVarint()) - 1
        if count >= 0, count <= bytesLeft / size { return count }
        spoil()
        return 0
    }

    mutating func nextCompactText() -> String {
        guard let text = nextCompactNullableText() else {
            spoil()
            return ""
        }
        return text
    }

    mutating func nextCompactNullableText() -> String? {
        let length = Int(nextVarint())
        if length == 0 { return nil }
        guard let text = String(validating: next(count: length - 1), as: UTF8.self) else {
            spoil()
            return nil
        }
        return text
    }

    /// Reads past tagged fields.
    mutating func skipTags() {
        let count = Int(nextVarint())
        if count > bytesLeft { return spoil() }
        for _ in 0..<count {
            _ = nextVarint()
            _ = next(count: Int(nextVarint()))
        }
    }
}
