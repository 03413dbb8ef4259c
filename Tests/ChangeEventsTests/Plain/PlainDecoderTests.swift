import ChangeEvents
import RecordFormat
import Testing

@Suite("A plain value that is read")
struct PlainDecoderTests {
    private static let example =
        #"{"op":"u","table":"erp.work_orders","lsn":"0/1A2B3C8","seq":4,"xid":7311,"ts":"2026-11-22T06:00:00.123456Z","#
        + #""key":{"wo_no":"WO-4711"},"before":{"wo_no":"WO-4711"},"#
        + #""after":{"wo_no":"WO-4711","qty":"12.500","n":-12345678901234567890.10,"open":true,"x":null,"#
        + #""tags":["a", 1],"doc":"é\u0001\ud83d\ude00\"","big":{"a": {"b":[]}}},"unchanged":["spec"]}"#

    @Test("gives the event, numbers with their digits and JSON as it stands")
    func decodes() throws {
        let event = try PlainFormat.decode(Array(Self.example.utf8))
        #expect(
            event
                == ChangeEvent(
                    operation: .update, table: TableName(schema: "erp", name: "work_orders"), lsn: LSN(0x1A2B3C8),
                    sequence: 4,
                    transactionID: 7311, commitTime: 1_795_327_200_123_456, key: [Field("wo_no", .text("WO-4711"))],
                    before: [Field("wo_no", .text("WO-4711"))],
                    after: [
                        Field("wo_no", .text("WO-4711")), Field("qty", .text("12.500")),
                        Field("n", .number("-12345678901234567890.10")), Field("open", .boolean(true)),
                        Field("x", .null),
                        Field("tags", .json("[\"a\", 1]")), Field("doc", .text("é\u{1}😀\"")),
                        Field("big", .json("{\"a\": {\"b\":[]}}")),
                    ], unchanged: ["spec"]))
    }

    @Test("gives json columns as JSON when it is told which they are")
    func decodesJSONColumns() throws {
        let event = try PlainFormat.decode(Array(Self.example.utf8), jsonColumns: ["doc", "x", "n"])
        let after = Dictionary(uniqueKeysWithValues: (event.after ?? []).map { ($0.name, $0.value) })
        #expect(after["doc"] == .json(#""é\u0001\ud83d\ude00\"""#))
        #expect(after["n"] == .json("-12345678901234567890.10"))
        #expect(after["x"] == FieldValue.null)
    }

    @Test("gives its key alone from the record's key")
    func decodesKey() throws {
        #expect(
            try PlainFormat.decodeKey(Array(#"{"a":1,"b":"x"}"#.utf8)) == [
                Field("a", .number("1")), Field("b", .text("x")),
            ])
    }

    @Test("replaces half a surrogate pair, which a json column may hold")
    func replacesHalfSurrogates() throws {
        let key = try PlainFormat.decodeKey(Array(#"{"a":"\ud800x","b":"\udc00","c":"\ud800\ud800"}"#.utf8))
        #expect(key.map(\.value) == [.text("\u{fffd}x"), .text("\u{fffd}"), .text("\u{fffd}\u{fffd}")])
    }

    @Test("skips fields it does not know")
    func skipsUnknown() throws {
        let later = Self.example.replacing("{\"op\"", with: "{\"later\":{\"a\":[true,false,null,1.5e3]},\"op\"")
        #expect(try PlainFormat.decode(Array(later.utf8)) == PlainFormat.decode(Array(Self.example.utf8)))
    }

    @Test(
        "is refused when a field is missing, unknown or of another form",
        arguments: [
            ("\"op\":\"u\"", "\"op\":\"x\""), ("\"op\":\"u\",", ""), ("0/1A2B3C8", "01A2B3C8"),
            ("\"seq\":4", "\"seq\":-4"),
            ("\"seq\":4", "\"seq\":4.5"), ("7311", "4294967296"), ("2026-11", "2026-13"), ("erp.work_orders", "erp"),
            ("\"after\"", "\"behind\""), ("\"u\"", "\"m\""), ("true", "True"), ("null", "nil"), ("-1234", "-01234"),
            ("[\"a\", 1]", "[\"a\" 1]"), ("[\"a\", 1]", "[\"a\", 1}"), ("\\u0001", "\\u00g1"), ("é", "\u{1}"),
            ("}", ""),
            ("\"spec\"]}", "\"spec\"]}}"), ("\\ud83d", "\\q"),
        ])
    func refuses(part: String, replacement: String) {
        let value = Array(Self.example.replacing(part, with: replacement).utf8)
        let error = #expect(throws: ChangeEventsError.self) { try PlainFormat.decode(value) }
        #expect(error?.code == .malformedEvent)
    }

    @Test("is refused when it is not UTF-8, inside JSON too")
    func refusesOtherEncodings() throws {
        for place in ["é", "\"a\""] {
            var value = Array(Self.example.utf8)
            let at = try #require(Self.example.utf8.firstRange(of: place.utf8))
            value[Self.example.utf8.distance(from: Self.example.utf8.startIndex, to: at.lowerBound) + 1] = 0xff
            #expect(throws: ChangeEventsError.self) { try PlainFormat.decode(value) }
        }
    }

    @Test(
        "is an event or an error but never a trap, whatever 20,000 mutations make of it",
        arguments: [1, 2, 3] as [UInt64])
    func survivesGarbage(seed: UInt64) {
        var random = SeededRandom(seed)
        let letters = Array("{}[]\",:\\u0019tfn-.eE \u{1}é".utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            var value = Array(Self.example.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<value.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: value[at] = letters[Int.random(in: 0..<letters.count, using: &random)]
                case 1: value.remove(at: at)
                case 2: value.insert(letters[Int.random(in: 0..<letters.count, using: &random)], at: at)
                default: value.removeSubrange(at...)
                }
                if value.isEmpty { break }
            }
            if (try? PlainFormat.decode(value)) != nil { accepted += 1 }
        }
        #expect(accepted > 0 && accepted < 20_000)
    }
}
