import BigInt

/// A decimal number of any size, exactly: `unscaled` × 10^−`scale`, as Postgres' numeric.
struct ExactDecimal: Equatable {
    /// Postgres' own limits of numeric: digits before and after the point. More is no number that a source can hold, and
    /// an exponent alone must not take memory.
    private static let integerDigitsLimit = 131_072
    private static let scaleLimit = 16_383

    let unscaled: BigInt
    /// Digits after the point, never negative.
    let scale: Int

    /// Reads `-12.500`, `1e3`, `.5`; spaces around it are allowed. Not NaN and not infinity, which have no digits.
    init?(_ text: String) {
        let bytes = Array(text.utf8.drop { $0 == 0x20 })
        var at = bytes.startIndex
        var end = bytes.endIndex
        while end > at, bytes[end - 1] == 0x20 { end -= 1 }
        var isNegative = false
        if at < end, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
            isNegative = bytes[at] == UInt8(ascii: "-")
            at += 1
        }
        var digits: [UInt8] = []
        var scale = 0
        var hasPoint = false
        scan: while at < end {
            switch bytes[at] {
            case 0x30...0x39:
                digits.append(bytes[at])
                if hasPoint { scale += 1 }
            case UInt8(ascii: "."):
                if hasPoint { return nil }
                hasPoint = true
            default: break scan
            }
            at += 1
        }
        guard !digits.isEmpty, digits.count <= Self.integerDigitsLimit + Self.scaleLimit else { return nil }
        if at < end {
            guard bytes[at] & ~0x20 == UInt8(ascii: "E"),
                let exponent = Int(String(decoding: bytes[(at + 1)..<end], as: UTF8.self)),
                abs(exponent) <= Self.integerDigitsLimit
            else { return nil }
            scale -= exponent
        }
        guard scale <= Self.scaleLimit, digits.count - scale <= Self.integerDigitsLimit else { return nil }
        if scale < 0 {
            digits.append(contentsOf: repeatElement(0x30, count: -scale))
            scale = 0
        }
        guard let magnitude = Self.integer(digits) else { return nil }
        unscaled = isNegative ? -magnitude : magnitude
        self.scale = scale
    }

    init(_ integer: Int64) {
        unscaled = BigInt(integer)
        scale = 0
    }

    private init(unscaled: BigInt, scale: Int) {
        self.unscaled = unscaled
        self.scale = scale
    }

    /// Nearly every number of an ERP has fewer than 19 digits.
    private static func integer(_ digits: [UInt8]) -> BigInt? {
        guard digits.count > 18 else {
            return BigInt(digits.reduce(into: Int64(0)) { $0 = $0 * 10 + Int64($1 & 0x0f) })
        }
        return BigInt(String(decoding: digits, as: UTF8.self))
    }

    private static func powerOfTen(_ exponent: Int) -> BigInt {
        exponent <= 18
            ? BigInt((0..<exponent).reduce(into: Int64(1)) { power, _ in power *= 10 }) : BigInt(10).power(exponent)
    }

    /// `numeric(precision, scale)`: rounded half away from zero, with exactly `scale` digits after the point.
    /// - Returns: `nil` if more than `precision` digits are needed.
    func rounded(precision: Int, scale target: Int) -> ExactDecimal? {
        var magnitude = BigInt(unscaled.magnitude)
        if target >= scale {
            // Too many digits must be seen before they are made.
            if magnitude != 0, target - scale > precision { return nil }
            magnitude *= Self.powerOfTen(target - scale)
        } else {
            let divisor = Self.powerOfTen(scale - target)
            let (quotient, remainder) = magnitude.quotientAndRemainder(dividingBy: divisor)
            magnitude = remainder * 2 >= divisor ? quotient + 1 : quotient
        }
        guard magnitude < Self.powerOfTen(precision) else { return nil }
        return ExactDecimal(unscaled: unscaled < 0 ? -magnitude : magnitude, scale: target)
    }

    static func + (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
        let scale = max(left.scale, right.scale)
        return ExactDecimal(
            unscaled: left.unscaled * powerOfTen(scale - left.scale) + right.unscaled * powerOfTen(scale - right.scale),
            scale: scale)
    }

    static func * (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
        ExactDecimal(unscaled: left.unscaled * right.unscaled, scale: left.scale + right.scale)
    }

    /// With exactly `scale` digits after the point, as Postgres writes it.
    var text: String {
        if scale == 0 { return unscaled.description }
        var digits = String(unscaled.magnitude)
        if digits.utf8.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits }
        let point = digits.index(digits.endIndex, offsetBy: -scale)
        return (unscaled < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
    }
}
