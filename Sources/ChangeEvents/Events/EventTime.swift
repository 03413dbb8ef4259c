/// Commit times as events write them: `2026-11-22T06:00:00.123456Z`, always UTC, always six digits after the point.
package enum EventTime {
    /// Years 0001 to 9999, in microseconds since 1970: what has this form.
    package static let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

    /// - Parameter microseconds: since 1970, within ``range``.
    package static func text(_ microseconds: Int64) -> String {
        precondition(range.contains(microseconds), "\(microseconds) µs is not in the years 1 to 9999")
        let (seconds, fraction) = floorDivide(microseconds, 1_000_000)
        let (days, second) = floorDivide(seconds, 86_400)
        let date = civil(fromDays: days)
        return [
            padded(date.year, 4), "-", padded(date.month, 2), "-", padded(date.day, 2), "T", padded(second / 3600, 2),
            ":",
            padded(second / 60 % 60, 2), ":", padded(second % 60, 2), ".", padded(fraction, 6), "Z",
        ].joined()
    }

    /// - Returns: `nil` for anything but the exact form of a date that exists.
    package static func microseconds(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { microseconds($0) }
    }

    private static func microseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard text.count == 27, text[10] == UInt8(ascii: "T"), text[19] == UInt8(ascii: "."),
            text[26] == UInt8(ascii: "Z"),
            text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"), let year = number(text, 0..<4), let month = number(text, 5..<7),
            let day = number(text, 8..<10), let hour = number(text, 11..<13), let minute = number(text, 14..<16),
            let second = number(text, 17..<19), let fraction = number(text, 20..<26)
        else { return nil }
        guard year > 0, (1...12).contains(month), hour < 24, minute < 60, second < 60 else { return nil }
        let days = days(fromYear: year, month: month, day: day)
        // A day that a month does not have is one of the next month.
        guard civil(fromDays: days) == (year, month, day) else { return nil }
        return ((days * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000 + fraction
    }

    private static func number(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int64? {
        var value: Int64 = 0
        for index in range {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    // Days and dates of the proleptic Gregorian calendar in eras of 400 years that begin on 1 March of year 0:
    // leap days then come last. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let (era, yearOfEra) = floorDivide(month <= 2 ? year - 1 : year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
