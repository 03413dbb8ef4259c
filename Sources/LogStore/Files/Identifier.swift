/// 128 random bits that name a log or a topic for ever, written as Kafka writes them: base64url without padding, 22
/// characters.
package struct Identifier: Sendable, Hashable, CustomStringConvertible {
    package let bytes: [UInt8]

    /// - Returns: `nil` unless there are exactly 16 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// A new one. Kafka reserves zero, and zero with a last byte of one; chance will not produce them, but the check is
    /// cheap.
    package init(random: () -> UInt64) {
        var words: (UInt64, UInt64)
        repeat { words = (random(), random()) } while words.0 == 0 && words.1 <= 1
        var writer = FieldWriter(reserving: 16)
        writer.append(words.0)
        writer.append(words.1)
        bytes = writer.bytes
    }

    package init?(_ text: some StringProtocol) {
        var bits: UInt32 = 0
        var count = 0
        var decoded: [UInt8] = []
        for character in text.utf8 {
            guard let value = Self.value(of: character) else { return nil }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        self.init(decoded)
    }

    package var description: String {
        var text = ""
        for start in stride(from: 0, to: 15, by: 3) {
            let triple = bytes[start..<(start + 3)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            for shift in stride(from: UInt32(18), through: 0, by: -6) { text.append(Self.character(triple >> shift)) }
        }
        text.append(Self.character(UInt32(bytes[15]) >> 2))
        text.append(Self.character(UInt32(bytes[15]) << 4))
        return text
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static func character(_ bits: UInt32) -> Character { Character(UnicodeScalar(alphabet[Int(bits & 63)])) }
}
