/// A place in Postgres' write-ahead log: a byte position since the cluster was made. 0/0 is no place.
///
/// Written as Postgres writes it: the upper and the lower 32 bits in hexadecimal, `16/B374D848`.
@frozen public struct LSN: Comparable, Hashable, Sendable, CustomStringConvertible {
    /// Bytes from the beginning of the write-ahead log.
    public var rawValue: UInt64

    @inlinable public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// - Parameter text: `X/Y`, one to eight hexadecimal digits on each side; anything else gives `nil`.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, let upper = Self.half(parts[0]), let lower = Self.half(parts[1]) else { return nil }
        rawValue = UInt64(upper) << 32 | UInt64(lower)
    }

    // By hand, because `UInt32(_:radix:)` would take a sign.
    private static func half(_ digits: Substring.UTF8View) -> UInt32? {
        guard (1...8).contains(digits.count) else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(digit - UInt8(ascii: "A") + 10)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }

    @inlinable public static func < (left: LSN, right: LSN) -> Bool { left.rawValue < right.rawValue }

    public var description: String {
        let upper = String(rawValue >> 32, radix: 16, uppercase: true)
        let lower = String(rawValue & 0xffff_ffff, radix: 16, uppercase: true)
        return "\(upper)/\(lower)"
    }
}
