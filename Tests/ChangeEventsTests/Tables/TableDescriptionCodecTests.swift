import ChangeEvents
import Testing

@Suite("The bytes of a table description")
struct TableDescriptionCodecTests {
    private static let items = TableDescription(
        table: TableName(schema: "erp", name: "my \"items\""), identity: .default,
        columns: [
            ColumnDescription(
                name: "item_no", type: ColumnType(declared: "character varying(20)", form: .character), isKey: true,
                isNullable: false),
            ColumnDescription(
                name: "무게", type: ColumnType(declared: "numeric(12,3)[]", form: .array(.decimal, delimiter: 0x2c)),
                isKey: false, isNullable: true),
        ])
    private static let golden =
        #"{"version":1,"table":"erp.\"my \"\"items\"\"\"","identity":"default","columns":["#
        + #"{"name":"item_no","type":"character varying(20)","form":"character","key":true,"nullable":false},"#
        + #"{"name":"무게","type":"numeric(12,3)[]","form":"decimal[,]","key":false,"nullable":true}]}"#

    @Test("are these")
    func encodes() {
        #expect(String(decoding: Self.items.encoded, as: UTF8.self) == Self.golden)
    }

    @Test("are read back, fields of a later minor change skipped")
    func decodes() throws {
        #expect(try TableDescription(decoding: Array(Self.golden.utf8)) == Self.items)
        let later = Self.golden.replacing("\"version\":1", with: "\"later\":[{\"a\":[1e5,\"\\u00e9\"]}],\"version\":1")
        #expect(try TableDescription(decoding: Array(later.utf8)) == Self.items)
    }

    @Test(
        "are refused when they are damaged or of another version",
        arguments: [
            ("\"version\":1", "\"version\":2"), ("\"table\":", "\"tabel\":"), ("\"default\"", "\"other\""),
            ("decimal[,]", "decimals"), ("\"무게\"", "\"item_no\""), (",\"key\":true", ""), ("]}", "]"),
        ])
    func refuses(part: String, replacement: String) {
        let bytes = Array(Self.golden.replacing(part, with: replacement).utf8)
        let error = #expect(throws: ChangeEventsError.self) { try TableDescription(decoding: bytes) }
        #expect(error?.code == .malformedDescription)
    }

    @Test("cut anywhere are refused, and never a trap")
    func refusesCut() {
        let bytes = Array(Self.golden.utf8)
        for length in bytes.indices where (try? TableDescription(decoding: Array(bytes[..<length]))) != nil {
            Issue.record("\(length) of \(bytes.count) bytes were accepted")
        }
    }
}
