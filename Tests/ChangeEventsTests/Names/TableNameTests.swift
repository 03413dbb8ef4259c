import ChangeEvents
import Testing

@Suite("A table's name")
struct TableNameTests {
    @Test(
        "is written as the flow file writes it, and read back",
        arguments: [
            ("erp", "items", "erp.items"), ("ERP", "Items", "ERP.Items"), ("erp", "작업지시", "erp.작업지시"),
            ("Sche.ma", "My Table", "\"Sche.ma\".\"My Table\""), ("a", "say \"hi\"", "a.\"say \"\"hi\"\"\""),
            ("a", "e\u{301}", "a.e\u{301}"),
        ])
    func writes(schema: String, name: String, text: String) {
        let table = TableName(schema: schema, name: name)
        #expect(table.description == text)
        #expect(TableName(text) == table)
    }

    @Test(
        "is not read from what is none",
        arguments: ["", ".", "a.", ".b", "a", "a.b.c", "\"a.b", "\"a\"b.c", "a b.c", "a..b", "\"\".b", "a.\"b\" "])
    func refuses(text: String) {
        #expect(TableName(text) == nil)
    }

    @Test("is quoted for SQL whatever it contains")
    func quotes() {
        #expect(TableName(schema: "erp", name: "x\"; DROP TABLE y; --").sql == "\"erp\".\"x\"\"; DROP TABLE y; --\"")
    }
}
