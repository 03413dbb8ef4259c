/// 128 bits that name a topic or a folder. All zero: none.
package struct WireUUID: Hashable, Sendable, CustomStringConvertible {
    package static let zero = WireUUID()

    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64 = 0, low: UInt64 = 0) {
        self.high = high
        self.low = low
    }

    /// Kafka's way to write it: 22 digits of URL-safe base64.
    package var description: String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let bits = UInt128(high) << 64 | UInt128(low)
        // 21 digits hold 126 bits, the last one the remaining two and four zeros.
        let firsts = stride(from: 122, through: 2, by: -6).map { digits[Int(bits >> UInt128($0) & 0x3f)] }
        return String(firsts + [digits[Int(bits & 0x3) << 4]])
    }
}
