import Foundation

/// Points in time as people write and read them: ISO 8601 with a zone.
enum WallTime {
    /// In ms since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    /// `2026-11-22T06:00:00Z`, with or without fractions of a second, or with an offset such as `+01:00`.
    static func milliseconds(_ text: String) -> Int64? {
        for options: ISO8601DateFormatter.Options in [
            [.withInternetDateTime], [.withInternetDateTime, .withFractionalSeconds],
        ] {
            let formatter = ISO8601DateFormatter()
            formatter.formatOptions = options
            if let date = formatter.date(from: text) { return Int64((date.timeIntervalSince1970 * 1000).rounded()) }
        }
        return nil
    }
}
