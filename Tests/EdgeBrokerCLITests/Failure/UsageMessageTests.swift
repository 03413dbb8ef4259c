import Testing

@testable import EdgeBrokerCLI

@Suite("A usage error") struct UsageMessageTests {
    @Test(
        "is one line",
        arguments: [
            (
                "Error: Unknown option '--foo'\nUsage: x [--a]\n  See 'x --help' for more information.",
                "Unknown option '--foo'. See 'x --help' for more information."
            ),
            (
                "Error: Missing expected argument '<n>'\nHelp:  <n>  The name.\nUsage: x <n>\n  See 'x --help' for more information.",
                "Missing expected argument '<n>'. See 'x --help' for more information."
            ),
            ("Error: No. Really.", "No. Really."),
        ])
    func line(_ text: String, _ line: String) { #expect(UsageMessage.line(text) == line) }
}
