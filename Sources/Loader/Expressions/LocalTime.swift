import Foundation

/// A Postgres timestamp with its offset, and the local time of a zone at that instant.
struct LocalTime {
    private var zones: [String: TimeZone] = [:]

    static func isZone(_ name: String) -> Bool { TimeZone(identifier: name) != nil }

    enum Failure: Error, Equatable {
        case notATimestamp
        case noOffset
        case unknownZone
    }

    /// `2026-11-22 06:00:00.5+00` in Europe/Berlin is `2026-11-22 07:00:00.5`: the fraction keeps its digits, the offset goes.
    /// Infinities stay what they are.
    mutating func text(of timestamp: String, in zoneName: String) throws(Failure) -> String {
        if timestamp == "infinity" || timestamp == "-infinity" { return timestamp }
        let parsed = try Parsed(timestamp)
        let zone: TimeZone
        if let known = zones[zoneName] {
            zone = known
        } else {
            guard let found = TimeZone(identifier: zoneName) else { throw .unknownZone }
            zones[zoneName] = found
            zone = found
        }
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(parsed.secondsSince1970)))
        return Self.format(parsed.secondsSince1970 + Int64(offset), fraction: parsed.fraction)
    }

    /// UTC with microseconds: `2026-11-22T06:00:00.123456Z`.
    static func utc(microsecondsSince1970 microseconds: Int64) -> String {
        let (seconds, fraction) = floorDivide(microseconds, 1_000_000)
        let digits = String(fraction)
        let padded = String(repeating: "0", count: 6 - digits.utf8.count) + digits
        return format(seconds, fraction: padded, separator: "T") + "Z"
    }

    private static func format(_ seconds: Int64, fraction: String, separator: String = " ") -> String {
        let (days, secondOfDay) = floorDivide(seconds, 86_400)
        let (year, month, day) = civil(days)
        func pad(_ value: Int64, _ width: Int = 2) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let date = "\(pad(year > 0 ? year : 1 - year, 4))-\(pad(month))-\(pad(day))"
        let time = "\(pad(secondOfDay / 3600)):\(pad(secondOfDay / 60 % 60)):\(pad(secondOfDay % 60))"
        return date + separator + time + (fraction.isEmpty ? "" : "." + fraction) + (year > 0 ? "" : " BC")
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    // Days since 1970 ⇄ Gregorian dates of any year, as Postgres counts: eras of 400 years, each beginning on 1 March.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(shifted, 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// `YYYY-MM-DD HH:MM:SS[.ffffff]` with `Z` or an offset `±HH[[:]MM[[:]SS]]`, and perhaps ` BC`.
    private struct Parsed {
        let secondsSince1970: Int64
        let fraction: String

        init(_ text: String) throws(Failure) {
            var rest = text.utf8[...]
            func number(_ digits: ClosedRange<Int>) throws(Failure) -> Int64 {
                let found = rest.prefix(digits.upperBound).prefix { (0x30...0x39).contains($0) }
                guard digits.contains(found.count) else { throw .notATimestamp }
                rest = rest.dropFirst(found.count)
                return found.reduce(0) { $0 * 10 + Int64($1 & 0x0f) }
            }
            func skip(_ characters: String) throws(Failure) {
                guard let first = rest.first, characters.utf8.contains(first) else { throw .notATimestamp }
                rest = rest.dropFirst()
            }
            var isBC = false
            if rest.suffix(3).elementsEqual(" BC".utf8) {
                isBC = true
                rest = rest.dropLast(3)
            }
            let year = try number(4...6)
            try skip("-")
            let month = try number(2...2)
            try skip("-")
            let day = try number(2...2)
            if rest.isEmpty { throw .noOffset }
            try skip(" T")
            let hour = try number(2...2)
            try skip(":")
            let minute = try number(2...2)
            try skip(":")
            let second = try number(2...2)
            var fraction = ""
            if rest.first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
                let digits = rest.prefix { (0x30...0x39).contains($0) }
                guard (1...9).contains(digits.count) else { throw .notATimestamp }
                fraction = String(decoding: digits, as: UTF8.self)
                rest = rest.dropFirst(digits.count)
            }
            guard (1...12).contains(month), (1...31).contains(day), hour <= 24, minute <= 59, second <= 60 else {
                throw .notATimestamp
            }
            var offset: Int64 = 0
            if rest.elementsEqual("Z".utf8) || rest.elementsEqual("z".utf8) {
                rest = rest.dropFirst()
            } else {
                guard let sign = rest.first else { throw .noOffset }
                try skip("+-")
                offset = try number(2...2) * 3600
                for unit: Int64 in [60, 1] where !rest.isEmpty {
                    if rest.first == UInt8(ascii: ":") { rest = rest.dropFirst() }
                    offset += try number(2...2) * unit
                }
                if sign == UInt8(ascii: "-") { offset = -offset }
            }
            guard rest.isEmpty else { throw .notATimestamp }
            let day0 = LocalTime.days(year: isBC ? 1 - year : year, month: month, day: day)
            secondsSince1970 = day0 * 86_400 + hour * 3600 + minute * 60 + second - offset
            self.fraction = fraction
        }
    }
}
