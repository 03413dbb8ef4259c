import Testing

@testable import EdgeBrokerCLI

@Suite("A listing") struct ListingTests {
    @Test(
        "has the same rows in every form",
        arguments: [
            (OutputFormat.table, "LONG NAME  N\nerp.a      10\nb          -\n"),
            (.json, #"[{"long_name":"erp.a","n":10},{"long_name":"b","n":null}]"# + "\n"),
            (.ndjson, #"{"long_name":"erp.a","n":10}"# + "\n" + #"{"long_name":"b","n":null}"# + "\n"),
        ])
    func forms(_ format: OutputFormat, _ text: String) {
        var listing = Listing(["long_name", "n"])
        listing.add([.text("erp.a"), .integer(10)])
        listing.add([.text("b"), .null])
        #expect(listing.text(format) == text)
    }
}
