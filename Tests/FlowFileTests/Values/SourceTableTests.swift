import FlowFile
import Testing

@Suite("A source table's name") struct SourceTableTests {
    @Test(
        "is read as Postgres stores it, and printed as it is read",
        arguments: [
            ("erp.items", "erp", "items"), ("ERP.Items", "ERP", "Items"), ("\"a.b\".\"c \"\"d\"\"\"", "a.b", "c \"d\""),
            ("öl.x", "öl", "x"),
        ])
    func reads(_ text: String, _ schema: String, _ name: String) {
        #expect(SourceTable(text) == SourceTable(schema: schema, name: name))
        #expect(SourceTable(text)?.description == text)
    }

    @Test(
        "that is none is refused",
        arguments: [
            "items", "a.b.c", ".b", "a.", "", "a b.c", "\"a.b", "a.\"b\"c", "a.\(String(repeating: "x", count: 64))",
        ])
    func refuses(_ text: String) { #expect(SourceTable(text) == nil) }
}
