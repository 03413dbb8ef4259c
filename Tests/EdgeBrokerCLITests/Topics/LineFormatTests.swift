import ArgumentParser
import RecordFormat
import Testing

@testable import EdgeBrokerCLI

@Suite("A line that is produced") struct LineFormatTests {
    private let time = Timestamp(millisecondsSince1970: 5)

    private func text(_ bytes: [UInt8]?) -> String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "null" }

    /// `name:value,… key value`, and null where there is none.
    private func record(_ line: String, _ format: LineFormat) throws(LineMistake) -> String {
        let record = try format.record(Array(line.utf8), at: time)
        let headers = record.headers.map { "\($0.key):\(text($0.value))" }
        return (headers + ["\(text(record.key)) \(text(record.value))"]).joined(separator: " ")
    }

    private func format(_ properties: String...) throws -> LineFormat {
        try LineFormat(properties.compactMap { SettingArgument(argument: $0) })
    }

    @Test("has its key before the first separator, or none")
    func keys() throws {
        #expect(try record("k:v:w", LineFormat()) == "null k:v:w")
        #expect(try record("k:v:w", LineFormat(keySeparator: [0x3A])) == "k v:w")
        #expect(try record("k=>v", LineFormat(keySeparator: Array("=>".utf8))) == "k v")
        #expect(try record(":v", LineFormat(keySeparator: [0x3A])) == " v")
        #expect(throws: LineMistake.missing(.keySeparator, [0x3A])) {
            try record("v", LineFormat(keySeparator: [0x3A]))
        }
    }

    @Test("is a tombstone where its value is the marker of null, or empty if that is wanted")
    func nulls() throws {
        let marked = LineFormat(keySeparator: [0x3A], nullMarker: Array("NULL".utf8))
        #expect(try record("k:NULL", marked) == "k null")
        #expect(try record("NULL:v", marked) == "null v")
        #expect(try record("k:NULL ", marked) == "k NULL ")
        #expect(try record("k:", marked) == "k ")
        let empty = LineFormat(keySeparator: [0x3A], readsEmptyAsNull: true)
        #expect(try record("k:", empty) == "k null")
        #expect(try record(":v", empty) == "null v")
        #expect(try record("", LineFormat(readsEmptyAsNull: true)) == "null null")
    }

    @Test("has the headers that all have, then its own")
    func headers() throws {
        var all = try format("parse.headers=true", "parse.key=true", "null.marker=NULL")
        #expect(try record("a:1,b:x:y\tk\tv", all) == "a:1 b:x:y k v")
        #expect(try record("a:NULL,b:\tk\tNULL", all) == "a:null b: k null")
        #expect(try record("NULL\tk\tv", all) == "k v")
        #expect(try record("a:1,\tk\tv", all) == "a:1 k v")
        all.commonHeaders = [RecordHeader(key: "source", value: Array("press".utf8))]
        #expect(try record("a:1\tk\tv", all) == "source:press a:1 k v")
        let other = try format(
            "parse.headers=true", "headers.delimiter=|", "headers.separator=;", "headers.key.separator==")
        #expect(try record("a=1;b=2|v\tw", other) == "a:1 b:2 null v\tw")
    }

    @Test("has no headers behind the last one, nor where all are empty, as Kafka's reader cuts them")
    func emptyHeaders() throws {
        let format = try format("parse.headers=true")
        #expect(try record("a:1,,\tv", format) == "a:1 null v")
        #expect(try record(",\tv", format) == "null v")
    }

    @Test("is refused with what it lacks and without its bytes, or forgiven")
    func mistakes() throws {
        let all = try format("parse.headers=true", "parse.key=true", "null.marker=NULL")
        func complaint(_ line: String) -> String? {
            do throws(LineMistake) { _ = try record(line, all) } catch { return error.description }
            return nil
        }
        #expect(complaint("secret") == #"has no "\t" behind its headers"#)
        #expect(complaint("a:1\tsecret") == #"has no "\t" behind a key"#)
        #expect(complaint("secret\tk\tv") == #"has a header without ":" behind its name"#)
        #expect(complaint("\tk\tv") == #"has a header without ":" behind its name"#)
        #expect(complaint("NULL:1\tk\tv") == "has a header whose name is the marker of null")
        let forgiving = try format("parse.headers=true", "parse.key=true", "ignore.error=true")
        #expect(try record("v", forgiving) == "null v")
        #expect(try record("a\tk\tv", forgiving) == "a:null k v")
    }

    @Test(
        "has no separators that are one another",
        arguments: [
            ["headers.delimiter=,"], ["headers.key.separator=,"], ["headers.delimiter=:"], ["null.marker=,"],
            ["null.marker=\t"], ["headers.separator="], ["parse.headers=1"], ["colour=1"],
        ])
    func refuses(_ properties: [String]) {
        #expect(throws: ValidationError.self) {
            try LineFormat(properties.compactMap { SettingArgument(argument: $0) })
        }
    }

    @Test("is cut out as the verb was told")
    func verb() throws {
        let line = ["t", "--data-dir", "d", "-K", ":", "-H", "a=b=c", "-H", "d=", "-Z", "--null-marker", "NULL"]
        let format = try TopicProduce.parse(line).format
        #expect(try record("k:NULL", format) == "a:b=c d: k null")
        #expect(try record("k:", format) == "a:b=c d: k null")
        for wrong in [["-H", "=b"], ["-H", "b"], ["-K", ":", "--null-marker", ":"]] {
            #expect(throws: (any Error).self) { try TopicProduce.parse(["t", "--data-dir", "d"] + wrong) }
        }
    }
}
