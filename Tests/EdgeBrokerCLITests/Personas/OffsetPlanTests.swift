import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("A file of offsets for groups") struct OffsetPlanTests {
    private func line(_ group: String?, _ topic: String, _ partition: Int32, _ offset: Int64) -> OffsetPlan.Line {
        OffsetPlan.Line(
            group: group, partition: TopicPartition(topic: topic, partition: partition), offset: Offset(offset))
    }

    @Test("is read back as it was printed")
    func roundTrip() throws {
        for group in [nil, "mes", "a,b", #"say "x""#, " two words", "two\nlines", "two\r\nlines"] {
            let lines = [line(group, "erp.items", 0, 7), line(group, "t", 12, 0)]
            let text = lines.map { $0.text + "\n" }.joined()
            #expect(try OffsetPlan(csv: text, file: "f").lines == lines, "\(text)")
        }
    }

    @Test("may have blanks, empty lines and other line ends")
    func forms() throws {
        let text = "t, 0 ,5\r\n\r\n\"t\",1,6"
        #expect(try OffsetPlan(csv: text, file: "f").lines == [line(nil, "t", 0, 5), line(nil, "t", 1, 6)])
    }

    @Test(
        "is refused with the line that is none",
        arguments: [
            "t,0", "t,0,1,2,3", "t,x,1", "t,-1,1", "t,0,-1", "t,0,1.5", ",0,1", "g,t,0", "\"t,0,1", "\"t\"x,0,1",
            ",t,0,1", "t,0,99999999999999999999", ",",
        ])
    func refuses(_ text: String) {
        let failure = #expect(throws: Failure.self) { try OffsetPlan(csv: "t,0,1\n\(text)\n", file: "f") }
        #expect(failure?.status == .unusableData && failure?.description.hasPrefix("f, line 2: ") == true)
    }

    @Test("is refused with the line as an editor counts it, though a name may have lines")
    func countsLines() {
        let failure = #expect(throws: Failure.self) {
            try OffsetPlan(csv: "\"a\nb\",t,0,1\n\r\n \t\nt,0\n", file: "f")
        }
        #expect(failure?.description.hasPrefix("f, line 5: ") == true)
    }

    @Test("says which group each line is for")
    func groups() throws {
        let plan = OffsetPlan([line("a", "t", 0, 1), line("b", "t", 0, 2)])
        #expect(try plan.lines(for: "b", isOnly: false, file: "f") == [line("b", "t", 0, 2)])
        #expect(try plan.lines(for: "c", isOnly: false, file: "f").isEmpty)
        let nameless = OffsetPlan([line(nil, "t", 0, 1)])
        #expect(try nameless.lines(for: "c", isOnly: true, file: "f") == nameless.lines)
        #expect(throws: Failure.self) { try nameless.lines(for: "c", isOnly: false, file: "f") }
    }
}
