/// The run of bytes in a JSON string that stand for themselves.
enum PlainText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// - Parameter union: takes all bits of the bytes passed over; below 0x80 they are ASCII.
    /// - Returns: where, from `start` on, the first quote, backslash or control character stands, or the end.
    @inline(__always)
    static func end(_ bytes: UnsafeRawBufferPointer, from start: Int, union: inout UInt64) -> Int {
        var at = start
        while bytes.count - at >= 8 {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            // The highest bit of each byte that is below 0x20, a quote or a backslash; borrows make further ones above the
            // first, which is the one that counts.
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5c)
            let found =
                ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
            let marks = found & highBits
            if marks != 0 {
                let length = marks.trailingZeroBitCount >> 3
                if length > 0 { union |= word << UInt64(64 - 8 * length) }
                return at + length
            }
            union |= word
            at += 8
        }
        while at < bytes.count {
            let byte = bytes[at]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return at }
            union |= UInt64(byte)
            at += 1
        }
        return at
    }
}
