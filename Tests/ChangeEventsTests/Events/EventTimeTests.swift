import ChangeEvents
import Testing

@Suite("A commit time's text")
struct EventTimeTests {
    @Test(
        "is ISO 8601 in UTC with six digits of a second",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (1_795_327_200_123_456, "2026-11-22T06:00:00.123456Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (EventTime.range.lowerBound, "0001-01-01T00:00:00.000000Z"),
            (EventTime.range.upperBound, "9999-12-31T23:59:59.999999Z"),
        ] as [(Int64, String)])
    func writes(microseconds: Int64, text: String) {
        #expect(EventTime.text(microseconds) == text)
        #expect(EventTime.microseconds(text) == microseconds)
    }

    @Test("comes back for every day of 800 years")
    func comesBack() {
        for day in Int64(-200_000)..<92_000 {
            let time = day * 86_400_000_000 + 86_399_999_999
            if EventTime.microseconds(EventTime.text(time)) != time { Issue.record("day \(day)") }
        }
    }

    @Test(
        "is not read from a day that does not exist or another form",
        arguments: [
            "", "2026-11-22T06:00:00.123456", "2026-11-22 06:00:00.123456Z", "2026-02-29T00:00:00.000000Z",
            "2026-13-01T00:00:00.000000Z", "2026-11-22T24:00:00.000000Z", "2026-11-22T06:00:60.000000Z",
            "0000-01-01T00:00:00.000000Z", "2026-11-22T06:00:00.12345éZ", "2026-00-10T06:00:00.123456Z",
        ])
    func refuses(text: String) {
        #expect(EventTime.microseconds(text) == nil)
    }
}
