import Testing

/// Lower case, without anything between the bytes.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}

/// What ``hex(_:)`` wrote; spaces may stand between the bytes.
func bytes(_ hex: String) throws -> [UInt8] {
    let digits = Array(hex.utf8).filter { $0 != UInt8(ascii: " ") }
    return try stride(from: 0, to: digits.count, by: 2).map { start in
        try #require(UInt8(String(decoding: digits[start..<min(start + 2, digits.count)], as: UTF8.self), radix: 16))
    }
}
