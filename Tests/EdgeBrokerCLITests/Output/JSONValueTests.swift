import Testing

@testable import EdgeBrokerCLI

@Suite("JSON output") struct JSONValueTests {
    @Test(
        "is one line that every reader takes the same way",
        arguments: [
            (JSONValue.null, "null"), (.boolean(true), "true"), (.integer(.min), "-9223372036854775808"),
            (.decimal(-0.05, digits: 1), "-0.1"), (.decimal(12, digits: 0), "12"), (.decimal(0.001, digits: 2), "0.00"),
            (.text("a\"\\\n\r\t\u{1}\u{7F}\u{2028}é한"), #""a\"\\\n\r\t\u0001\u007f\u2028é한""#),
            (.array([.integer(1), .array([])]), "[1,[]]"),
            (.object([("a", .null), ("b", .object([]))]), #"{"a":null,"b":{}}"#),
        ])
    func encodes(_ value: JSONValue, _ text: String) { #expect(value.encoded == text) }
}
