import Testing

/// Lower case, without anything between the bytes.
func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}

/// What ``hex(_:)`` wrote.
func bytes(_ hex: String) throws -> [UInt8] {
    let digits = Array(hex.utf8)
    return try stride(from: 0, to: digits.count, by: 2).map { start in
        try #require(UInt8(String(decoding: digits[start..<min(start + 2, digits.count)], as: UTF8.self), radix: 16))
    }
}
