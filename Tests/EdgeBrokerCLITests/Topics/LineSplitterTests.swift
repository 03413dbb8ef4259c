import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("Lines of standard input") struct LineSplitterTests {
    @Test("come out whole however the bytes come", arguments: [1, 2, 3, 7, 100])
    func splits(chunk: Int) {
        let text = Array("a\n\nbc\r\nlast without an end".utf8)
        var splitter = LineSplitter()
        var lines: [[UInt8]] = []
        for start in stride(from: 0, to: text.count, by: chunk) {
            lines += splitter.add(Array(text[start..<min(start + chunk, text.count)])) ?? []
        }
        if let rest = splitter.finish() { lines.append(rest) }
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["a", "", "bc\r", "last without an end"])
        #expect(splitter.finish() == nil)
    }

    @Test("end as Java's lines do where that is wanted", arguments: [1, 2, 3, 4, 5, 100])
    func endings(chunk: Int) {
        let text = Array("a\r\n\r\nb\rc\n\rd\r".utf8)
        var splitter = LineSplitter(.any)
        var lines: [[UInt8]] = []
        for start in stride(from: 0, to: text.count, by: chunk) {
            lines += splitter.add(Array(text[start..<min(start + chunk, text.count)])) ?? []
        }
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["a", "", "b", "c", "", "d"])
        #expect(splitter.finish() == nil)
    }
}
