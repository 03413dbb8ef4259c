import ChangeEvents
import Testing

@Suite("A value in the plain format")
struct ValueWriterTests {
    @Test(
        "has the form of its type",
        arguments: [
            (.boolean, "t", "true"), (.boolean, "f", "false"),
            (.integer, "-9223372036854775808", "-9223372036854775808"), (.integer, "0", "0"),
            (.float, "1.5e-07", "1.5e-07"), (.float, "1e+20", "1e+20"), (.float, "-0", "-0"),
            (.float, "NaN", #""NaN""#), (.float, "-Infinity", #""-Infinity""#),
            (.decimal, "12.500", #""12.500""#), (.decimal, "NaN", #""NaN""#), (.decimal, "$1,234.50", #""$1,234.50""#),
            (.temporal, "2026-12-01 00:00:00.5+00", #""2026-12-01 00:00:00.5+00""#),
            (.temporal, "infinity", #""infinity""#),
            (.exact, "[1,6)", #""[1,6)""#),
            (.character, "Größe \"무게\"\t\\", #""Größe \"무게\"\t\\""#),
            (.character, "a\u{1}\n\r\u{8}\u{c}\u{7f}/", "\"a\\u0001\\n\\r\\b\\f\u{7f}/\""), (.character, "", #""""#),
            (.json, "{\"b\": [1.50, null],\n\t\"a\": \"x\\ny\"}", "{\"b\": [1.50, null], \t\"a\": \"x\\ny\"}"),
            (.json, " 12.500 ", " 12.500 "), (.json, "\"\\ud800\"", "\"\\ud800\""),
            (.bytes, "\\x", #""""#), (.bytes, "\\x00", #""AA==""#), (.bytes, "\\x00fF", #""AP8=""#),
            (.bytes, "\\x00ff10", #""AP8Q""#), (.bytes, "\\xdeadbeef", #""3q2+7w==""#),
            (.hstore, "", "{}"),
            (.hstore, #""a"=>"1", "b\"\\"=>NULL, "NULL"=>"NULL""#, #"{"a":"1","b\"\\":null,"NULL":"NULL"}"#),
        ] as [(ValueForm, String, String)])
    func writes(form: ValueForm, text: String, json: String) {
        #expect(Rows.json(text, as: form) == json)
    }

    @Test(
        "that is an array is nested once per dimension",
        arguments: [
            (.integer, "{}", "[]"), (.integer, "{1,NULL,-3}", "[1,null,-3]"),
            (.integer, "{{1,2},{3,4}}", "[[1,2],[3,4]]"),
            (.integer, "[0:1]={1,2}", "[1,2]"), (.integer, "[-2:-2][0:1]={{1,2}}", "[[1,2]]"),
            (.character, #"{a,"b,c","NULL","\"\\","",null}"#, #"["a","b,c","NULL","\"\\","","null"]"#),
            (.boolean, "{t,f}", "[true,false]"), (.float, "{NaN,1.5}", #"["NaN",1.5]"#),
            (.decimal, "{1.50}", #"["1.50"]"#),
            (.bytes, #"{"\\x00ff"}"#, #"["AP8="]"#), (.json, #"{"{\"a\": [1]}",3}"#, #"[{"a": [1]},3]"#),
            (.hstore, #"{"\"k\"=>\"v\""}"#, #"[{"k":"v"}]"#),
            (.array(.integer, delimiter: 0x2c), #"{"{1,2}","{3}"}"#, "[[1,2],[3]]"),
        ] as [(ValueForm, String, String)])
    func writesArrays(element: ValueForm, text: String, json: String) {
        #expect(Rows.json(text, as: .array(element, delimiter: 0x2c)) == json)
    }

    @Test("of type box[] is split at its own delimiter")
    func writesBoxes() {
        #expect(
            Rows.json("{(1,1),(0,0);(3,3),(2,2)}", as: .array(.exact, delimiter: 0x3b))
                == #"["(1,1),(0,0)","(3,3),(2,2)"]"#)
    }

    @Test(
        "whose text is not what its type promises stays that text",
        arguments: [
            (.boolean, "true"), (.boolean, ""), (.integer, "01"), (.integer, "-"), (.integer, "1.0"), (.integer, ""),
            (.float, ".5"), (.float, "1e"), (.float, "+1"), (.json, "{"), (.json, "[1,]"), (.json, "nul"),
            (.json, "1 2"),
            (.json, "{1:2}"), (.json, "\"\\x\""), (.json, ""), (.bytes, "\\x0"), (.bytes, "\\x0g"), (.bytes, "abc"),
            (.hstore, "a=>1"), (.hstore, "\"a\"=>"), (.hstore, "\"a\"=>\"1\","), (.hstore, "\"a"),
            (.array(.integer, delimiter: 0x2c), "1"), (.array(.integer, delimiter: 0x2c), "{1"),
            (.array(.integer, delimiter: 0x2c), "{1}}"), (.array(.integer, delimiter: 0x2c), "{1,}"),
            (.array(.integer, delimiter: 0x2c), "{,}"), (.array(.integer, delimiter: 0x2c), "[1:2{1}"),
            (.array(.integer, delimiter: 0x2c), "{{{{{{{1}}}}}}}"), (.array(.integer, delimiter: 0x2c), "{\"1"),
            (.array(.integer, delimiter: 0x2c), ""),
        ] as [(ValueForm, String)])
    func keepsText(form: ValueForm, text: String) {
        #expect(Rows.json(text, as: form) == Rows.json(text, as: .exact))
    }

    @Test("nested deeper than anything on the stack is taken as it is")
    func takesDeepJSON() {
        let deep = String(repeating: "[", count: 60_000) + String(repeating: "]", count: 60_000)
        #expect(Rows.json(deep, as: .json) == deep)
    }

    @Test("is escaped and read back wherever in it the special letter stands")
    func escapesEverywhere() throws {
        for special in ["\"", "\\", "\n", "\u{1f}", "é", "\u{7f}", "!", "]", "[", "#"] {
            for position in 0..<24 {
                let text =
                    String(repeating: "~", count: position) + special
                    + String(repeating: "\u{80}x", count: 24 - position)
                let key = try PlainFormat.decodeKey(Array("{\"v\":\(Rows.json(text, as: .character))}".utf8))
                if key != [Field("v", .text(text))] { Issue.record("\(special.debugDescription) at \(position)") }
            }
        }
    }
}
