import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("Where reading begins") struct ConsumeStartTests {
    @Test(
        "is a word, an offset or a time",
        arguments: [
            ("earliest", ConsumeStart.earliest), ("latest", .latest), ("0", .offset(.zero)),
            ("42", .offset(Offset(42))), ("beginning", .earliest), ("end", .latest), ("stored", .stored),
            ("-1", .tail(1)), ("-9223372036854775808", .tail(.max)),
            ("s@2000", .time(Timestamp(millisecondsSince1970: 2000))),
            ("s@1970-01-01T00:00:02Z", .time(Timestamp(millisecondsSince1970: 2000))),
            ("1970-01-01T00:00:02Z", .time(Timestamp(millisecondsSince1970: 2000))),
            ("1970-01-01T01:00:00.250+01:00", .time(Timestamp(millisecondsSince1970: 250))),
        ])
    func reads(_ text: String, _ start: ConsumeStart) { #expect(ConsumeStart(argument: text) == start) }

    @Test(
        "or nothing that is understood",
        arguments: ["", "-", "s@", "s@-1", "e@5", "yesterday", "2026-11-22", "1970-01-01T00:00:02"])
    func refuses(_ text: String) { #expect(ConsumeStart(argument: text) == nil) }
}
