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

    @Test("become records with the key before the first separator, or without a key")
    func records() {
        func record(_ line: String, _ separator: String?) -> String? {
            ProducedLine.record(
                Array(line.utf8), separator: separator.map { Array($0.utf8) }, at: .init(millisecondsSince1970: 5)
            ).map { record in
                "\(record.key.map { String(decoding: $0, as: UTF8.self) } ?? "null") \(String(decoding: record.value ?? [], as: UTF8.self))"
            }
        }
        #expect(record("k:v:w", nil) == "null k:v:w")
        #expect(record("k:v:w", ":") == "k v:w")
        #expect(record("k=>v", "=>") == "k v")
        #expect(record(":v", ":") == " v")
        #expect(record("v", ":") == nil)
    }
}
