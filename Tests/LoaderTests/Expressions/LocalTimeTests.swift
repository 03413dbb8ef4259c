import Testing

@testable import Loader

@Suite("A local time") struct LocalTimeTests {
    @Test(
        "is that of the zone at the instant",
        arguments: [
            ("2026-11-22 06:00:00.123456+00", "Europe/Berlin", "2026-11-22 07:00:00.123456"),
            ("2026-07-01T06:00:00Z", "Europe/Berlin", "2026-07-01 08:00:00"),
            ("2026-03-29 00:59:59+00", "Europe/Berlin", "2026-03-29 01:59:59"),
            ("2026-03-29 01:00:00+00", "Europe/Berlin", "2026-03-29 03:00:00"),
            ("2026-10-25 01:00:00+00", "Europe/Berlin", "2026-10-25 02:00:00"),
            ("2026-12-31 23:30:00+00", "Asia/Seoul", "2027-01-01 08:30:00"),
            ("2026-01-01 00:00:00+05:30", "UTC", "2025-12-31 18:30:00"),
            ("2024-02-29 12:00:00-0230", "UTC", "2024-02-29 14:30:00"),
            ("0001-01-01 00:00:00+01 BC", "UTC", "0002-12-31 23:00:00 BC"),
            ("10000-01-01 00:00:00+00", "UTC", "10000-01-01 00:00:00"),
            ("infinity", "Asia/Seoul", "infinity"),
        ])
    func converts(timestamp: String, zone: String, expected: String) throws {
        var localTime = LocalTime()
        #expect(try localTime.text(of: timestamp, in: zone) == expected)
    }

    @Test(
        "is not guessed",
        arguments: [
            ("2026-01-01 00:00:00", "UTC", LocalTime.Failure.noOffset), ("2026-01-01", "UTC", .noOffset),
            ("tomorrow", "UTC", .notATimestamp),
            ("2026-13-01 00:00:00+00", "UTC", .notATimestamp), ("2026-01-01 00:00:00+00x", "UTC", .notATimestamp),
            ("2026-01-01 00:00:00.+00", "UTC", .notATimestamp), ("2026-01-01 00:00:00+00", "Nowhere", .unknownZone),
            ("", "UTC", .notATimestamp),
        ])
    func refuses(timestamp: String, zone: String, expected: LocalTime.Failure) {
        var localTime = LocalTime()
        #expect(throws: expected) { try localTime.text(of: timestamp, in: zone) }
    }

    @Test(
        "of a commit is written in UTC",
        arguments: [(0 as Int64, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z")])
    func utc(microseconds: Int64, expected: String) {
        #expect(LocalTime.utc(microsecondsSince1970: microseconds) == expected)
    }
}
