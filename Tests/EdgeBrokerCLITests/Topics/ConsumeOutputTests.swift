import ArgumentParser
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("What -o of consume takes") struct ConsumeOutputTests {
    @Test(
        "is a form, a place to begin, or a time to end",
        arguments: [
            ("value", ConsumeOutput.value), ("ndjson", .ndjson), ("beginning", .start(.earliest)),
            ("-3", .start(.tail(3))),
            ("s@7", .start(.time(Timestamp(millisecondsSince1970: 7)))),
            ("e@7", .end(Timestamp(millisecondsSince1970: 7))),
            ("e@1970-01-01T00:00:02Z", .end(Timestamp(millisecondsSince1970: 2000))),
        ])
    func reads(_ text: String, _ output: ConsumeOutput) { #expect(ConsumeOutput(argument: text) == output) }

    @Test("and nothing else", arguments: ["json", "e@", "e@now", ""])
    func refuses(_ text: String) { #expect(ConsumeOutput(argument: text) == nil) }

    @Test(
        "goes together or not",
        arguments: [
            (["-o", "ndjson", "-o", "-5"], nil), (["-o", "s@1", "-o", "e@2", "-f", "%s"], nil),
            (["-G", "g", "-o", "stored"], nil),
            (["-o", "beginning", "--from", "latest"], "one place"), (["-o", "stored"], "add -G"),
            (["-f", "%s", "-o", "ndjson"], "not both"), (["-G", "g", "-p", "1"], "chooses the partitions"),
            (["-G", "g", "-o", "5"], "where it has committed"), (["-c", "0"], "1 or more"), (["-f", "%q"], "%q"),
            (["-o", "json"], "it is value or ndjson"), (["-o", "s@yesterday"], "such as 2026-11-22T06:00:00Z"),
            (["--from", "yesterday"], "such as 2026-11-22T06:00:00Z"), (["-p", "-1"], nil),
        ] as [([String], String?)])
    func validates(_ arguments: [String], _ complaint: String?) throws {
        let line = ["t", "--data-dir", "d"] + arguments
        guard let complaint else {
            _ = try TopicConsume.parse(line)
            return
        }
        let error = #expect(throws: (any Error).self) { try TopicConsume.parse(line) }
        #expect(error.map { TopicConsume.message(for: $0).contains(complaint) } == true)
    }
}
