import ChangeEvents
import Testing

@Suite("The form of a type's values")
struct TypeCatalogueTests {
    private static func type(
        _ oid: UInt32, _ name: String, schema: String = "pg_catalog", kind: Character = "b", category: Character = "U",
        base: UInt32 = 0, element: UInt32 = 0, delimiter: Character = ","
    ) -> PostgresType {
        PostgresType(
            oid: oid, schema: schema, name: name, kind: kind.asciiValue ?? 0, category: category.asciiValue ?? 0,
            base: base,
            element: element, delimiter: delimiter.asciiValue ?? 0)
    }

    private static let catalogue = TypeCatalogue([
        type(16, "bool"), type(20, "int8", category: "N"), type(26, "oid"), type(701, "float8"), type(1700, "numeric"),
        type(790, "money"), type(114, "json"), type(17, "bytea"), type(1184, "timestamptz", category: "D"),
        type(25, "text", category: "S"), type(2950, "uuid"), type(22, "int2vector", category: "A"),
        type(1007, "_int4", category: "A", element: 23), type(23, "int4"),
        type(1020, "_box", category: "A", element: 603, delimiter: ";"), type(603, "box"),
        type(50_000, "weight", schema: "erp", kind: "d", base: 50_001),
        type(50_001, "amount", schema: "erp", kind: "d", base: 1700),
        type(50_002, "_weight", schema: "erp", category: "A", element: 50_000),
        type(50_003, "state", schema: "erp", kind: "e", category: "E"),
        type(50_004, "hstore", schema: "tools"), type(50_005, "citext", schema: "public", category: "S"),
        type(50_006, "json", schema: "erp"), type(50_007, "row", schema: "erp", kind: "c"),
        type(50_008, "circle", schema: "erp", kind: "d", base: 50_008),
    ])

    @Test(
        "follows from pg_type",
        arguments: [
            (16, .boolean), (20, .integer), (26, .integer), (701, .float), (1700, .decimal), (790, .decimal),
            (114, .json),
            (17, .bytes), (1184, .temporal), (25, .character), (2950, .exact), (22, .exact),
            (1007, .array(.integer, delimiter: 0x2c)), (1020, .array(.exact, delimiter: 0x3b)), (50_000, .decimal),
            (50_002, .array(.decimal, delimiter: 0x2c)), (50_003, .exact), (50_004, .hstore), (50_005, .character),
            (50_006, .exact), (50_007, .exact), (50_008, .exact), (99_999, .exact),
        ] as [(UInt32, ValueForm)])
    func resolves(oid: UInt32, form: ValueForm) {
        #expect(Self.catalogue.form(of: oid) == form)
    }

    @Test(
        "has a name that can be read back",
        arguments: [
            (.decimal, "decimal"), (.exact, "exact"), (.array(.json, delimiter: 0x2c), "json[,]"),
            (.array(.array(.boolean, delimiter: 0x3b), delimiter: 0x2c), "boolean[;][,]"),
        ] as [(ValueForm, String)])
    func names(form: ValueForm, name: String) {
        #expect(form.description == name)
        #expect(ValueForm(name) == form)
    }

    @Test(
        "is not read from another name",
        arguments: [
            "", "Decimal", "json[]", "json[", "json]", "[,]", "json[,,]", "json[é]",
            "json" + String(repeating: "[,]", count: 9),
        ])
    func refuses(name: String) {
        #expect(ValueForm(name) == nil)
    }
}
