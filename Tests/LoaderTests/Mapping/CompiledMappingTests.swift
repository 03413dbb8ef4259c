import ChangeEvents
import SQLiteClient
import Testing

@testable import Loader

@Suite("A compiled mapping") struct CompiledMappingTests {
    static let loaded: [SQLiteValue] = [.text("A1"), .text("1.500"), .integer(2), .text("ste")]

    @Test("passes every form of value on untouched when it names no columns")
    func untouched() throws {
        let mapping = try CompiledMapping(
            TableMapping(source: ERP.forms.table, topic: "erp.forms", target: "forms"), of: ERP.forms)
        let after = [
            Field("id", .number("9223372036854775807")), Field("open", .boolean(true)), Field("ratio", .number("12")),
            Field("price", .text("12.500")), Field("drawing", .text("AP8=")),
            Field("attributes", .json("{\"a\": 1.0}")),
            Field("due", .text("2026-12-01")), Field("tags", .json("[\"x\"]")),
        ]
        #expect(
            try mapping.effects(of: ERP.change(.create, ERP.forms, after: after)) == [
                .upsert([
                    .integer(.max), .integer(1), .real(12), .text("12.500"), .blob([0, 255]), .text("{\"a\": 1.0}"),
                    .text("2026-12-01"), .text("[\"x\"]"),
                ])
            ])
        #expect(
            mapping.columns.map(\.declaredType) == [
                "INTEGER", "INTEGER", "REAL", "TEXT", "BLOB", "TEXT", "TEXT", "TEXT",
            ])
        #expect(mapping.key == [0])
    }

    @Test(
        "looks with `where` at the new row, and never filters a delete",
        arguments: [
            (ChangeEvent.Operation.snapshotRow, "P01" as String?, [RowEffect.upsert(loaded)]),
            (.create, "*", [.upsert(loaded)]),
            (.update, "P01", [.upsert(loaded)]), (.update, "P02", [.delete(key: [.text("A1")])]),
            (.create, nil, [.delete(key: [.text("A1")])]), (.snapshotRow, "P02", []),
        ])
    func filter(operation: ChangeEvent.Operation, plant: String?, expected: [RowEffect]) throws {
        let mapping = try CompiledMapping(ERP.itemsMapping, of: ERP.items())
        let change = ERP.change(operation, ERP.items(), after: ERP.item(" A1 ", plant: plant))
        #expect(try mapping.effects(of: change) == expected)
        let delete = ERP.change(.delete, ERP.items(), before: [Field("item_no", .text(" A1 "))])
        #expect(try mapping.effects(of: delete) == [.delete(key: [.text("A1")])])
    }

    @Test("empties the table at a truncate, and does nothing at a message")
    func others() throws {
        let mapping = try CompiledMapping(ERP.itemsMapping, of: ERP.items())
        #expect(try mapping.effects(of: ERP.change(.truncate, ERP.items())) == [.truncate])
        #expect(try mapping.effects(of: ERP.change(.message, ERP.items())) == [])
    }

    @Test("leaves a column alone that is made of an unchanged column stored out of line")
    func unchangedColumn() throws {
        let mapping = try CompiledMapping(ERP.itemsMapping, of: ERP.items())
        let after = ERP.item("A1").filter { $0.name != "spec" }
        let change = ERP.change(.update, ERP.items(), after: after, unchanged: ["spec"])
        #expect(
            try mapping.effects(of: change) == [
                .update(key: [.text("A1")], columns: [0, 1, 2], values: Array(Self.loaded[..<3]))
            ])
        let leaves = ERP.change(
            .update, ERP.items(), after: ERP.item("A1", plant: "P02").filter { $0.name != "spec" }, unchanged: ["spec"])
        #expect(try mapping.effects(of: leaves) == [.delete(key: [.text("A1")])])
    }

    @Test("takes an unchanged column from the old row when the replica identity tells it")
    func unchangedFull() throws {
        let mapping = try CompiledMapping(ERP.itemsMapping, of: ERP.items(.full))
        let change = ERP.change(
            .update, ERP.items(), before: ERP.item("A1", weight: "9.000"),
            after: ERP.item("A1").filter { $0.name != "spec" },
            unchanged: ["spec"])
        #expect(try mapping.effects(of: change) == [.upsert(Self.loaded)])
    }

    @Test("deletes the old row when the target's key changed and the source's did not")
    func keyOfOtherColumns() throws {
        let plain = TableMapping(
            source: ERP.items().table, topic: "erp.items", target: "material", key: ["no", "place"],
            columns: [
                TableMapping.Column(name: "no", expression: "item_no"),
                TableMapping.Column(name: "place", expression: "upper(plant)"),
            ])
        let mapping = try CompiledMapping(plain, of: ERP.items(.full))
        let moved = ERP.change(
            .update, ERP.items(), before: ERP.item("A1", plant: "p01"), after: ERP.item("A1", plant: "p02"))
        #expect(
            try mapping.effects(of: moved) == [
                .delete(key: [.text("A1"), .text("P01")]), .upsert([.text("A1"), .text("P02")]),
            ])
        let stays = ERP.change(
            .update, ERP.items(), before: ERP.item("A1", plant: "p01"), after: ERP.item("A1", plant: "P01"))
        #expect(try mapping.effects(of: stays) == [.upsert([.text("A1"), .text("P01")])])
        #expect {
            try CompiledMapping(plain, of: ERP.items())
        } throws: { error in
            let error = error as? MappingError
            return error?.part == .key && error?.message.contains("plant") == true
        }
    }

    @Test(
        "refuses a row that cannot be loaded as the flow says",
        arguments: [
            ("material_no", "nullif(item_no, 'A1')", [String](), "NULL"),
            ("weight", "to_decimal(weight, 2, 1)", ["spec"], ""),
            ("weight", "to_decimal(weight, 1, 1)", [], "column weight"),
            ("where", "spec = 'x'", ["spec"], "REPLICA IDENTITY FULL"),
            ("material_no", "item_no", ["level"], "level"),
        ])
    func failures(column: String, expression: String, missing: [String], reason: String) throws {
        var columns = [TableMapping.Column(name: "material_no", expression: "item_no")]
        if column != "where" {
            columns = columns.filter { $0.name != column } + [TableMapping.Column(name: column, expression: expression)]
        }
        let mapping = try CompiledMapping(
            TableMapping(
                source: ERP.items().table, topic: "erp.items", target: "material", key: ["material_no"],
                filter: column == "where" ? expression : nil, columns: columns), of: ERP.items())
        let after = ERP.item("A1").filter { !missing.contains($0.name) }
        let change = ERP.change(.update, ERP.items(), after: after, unchanged: missing.filter { $0 == "spec" })
        if reason.isEmpty {
            #expect(try !mapping.effects(of: change).isEmpty)
        } else {
            #expect { try mapping.effects(of: change) } throws: { ($0 as? RowFailure)?.reason.contains(reason) == true }
        }
    }

    @Test(
        "says which line of the mapping is wrong",
        arguments: [
            (nil, "plant =", ["no": "item_no"], MappingError.Part.filter), (nil, nil, ["no": "item_nr"], .column("no")),
            (["nr"], nil, ["no": "item_no"], .key), (nil, nil, ["plant": "plant"], .key),
            (["no"], nil, ["no": "item_no || commit_ts()"], .key), (["no", "NO"], nil, ["no": "item_no"], .key),
            ([], nil, ["no": "item_no"], .key), (nil, nil, ["a": "trim(item_no)", "b": "upper(item_no)"], .key),
        ] as [([String]?, String?, [String: String], MappingError.Part)])
    func mistakes(key: [String]?, filter: String?, columns: [String: String], part: MappingError.Part) {
        let mapping = TableMapping(
            source: ERP.items().table, topic: "erp.items", target: "material", key: key, filter: filter,
            columns: columns.map { TableMapping.Column(name: $0, expression: $1) })
        #expect { try CompiledMapping(mapping, of: ERP.items()) } throws: { ($0 as? MappingError)?.part == part }
    }
}
