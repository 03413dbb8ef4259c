import FlowFile
import Testing

@Suite("A flow file") struct FlowReaderTests {
    @Test("becomes a flow, with what it leaves out filled in")
    func reads() throws {
        let flow = try Flow.parse(smallFlow, file: "flows/f.yaml", world).value
        #expect(flow.name == "erp-to-mes" && flow.about == nil)
        #expect(flow.source.postgres.reveal() == "host=erp password=s3cret")
        #expect(flow.source.slot == "mes_p01" && flow.source.publication == "mes_p01")
        #expect(flow.source.tables.map(\.table.description) == ["erp.items", "erp.work_orders"])
        #expect(flow.log.topicTemplate == "${schema}.${table}" && !flow.log.tombstones)
        let load = try #require(flow.load)
        #expect(load.target == .sqlite(path: "flows/mes.db"))
        let material = load.tables[0]
        #expect(material.to == "material" && material.key == ["material_no"])
        #expect(material.filter?.text == "plant = 'P01'")
        #expect(material.columns?.map(\.name) == ["material_no", "base_uom"])
        #expect(material.columns?[1].expression.position.description == "flows/f.yaml:15:19")
        #expect(load.tables[1].columns == nil && load.tables[1].key == nil)
    }

    @Test("may hold every section of the plan, and says which are not built yet")
    func warns() throws {
        let text =
            smallFlow + """
                quarantine: { topic: q }
                forward: [{ to: kafka://central:9093, topics: [erp.*] }]
                tests: [{ name: t, given: {}, expect: nothing }]
                log: { keep: 30 days, topic: "${table}", tombstones: true }
                """
        let checked = try Flow.parse(text, file: "f.yaml", world)
        #expect(
            checked.warnings.map(\.description) == [
                "f.yaml:18:1: `quarantine` is not built yet: a change that cannot be applied stops the flow",
                "f.yaml:19:1: `forward` is not built yet: nothing is forwarded",
                "f.yaml:20:1: `tests` is not built yet: they are not run",
                "f.yaml:21:8: `keep` is not built yet: everything is kept",
            ])
        #expect(checked.value.log.topicTemplate == "${table}" && checked.value.log.tombstones)
    }

    /// (what in the small flow, by what, the one complaint)
    static let slips: [(String, String, String)] = [
        ("columns:", "colums:", "13:7: unknown key \"colums\"; did you mean \"columns\"?"),
        ("  slot:", "  slto:", "4:3: unknown key \"slto\"; did you mean \"slot\"?|2:1: source needs the key \"slot\""),
        (
            "flow: erp", "slot: erp",
            "1:1: unknown key \"slot\" in a flow; it belongs to source|1:1: a flow needs the key \"flow\""
        ),
        ("mes_p01", "MES-1", "4:9: a slot's name has 1 to 63 of the letters a-z 0-9 _, found \"MES-1\""),
        (
            "flow: erp-to-mes", "flow: a b",
            "1:7: a flow's name has 1 to 100 of the letters A-Z a-z 0-9 . _ -, found \"a b\""
        ),
        ("${ERP_DSN}", "${NO_DSN}", "3:13: the environment has no NO_DSN; set it where edgebroker is started"),
        ("${ERP_DSN}", "${EMPTY}", "3:13: EMPTY in the environment is empty"),
        ("${ERP_DSN}", "${file:x}", "3:13: x: no such file"),
        ("${ERP_DSN}", "[a]", "3:13: \"postgres\" must be a single value, found a list"),
        ("${ERP_DSN}", "", "3:3: \"postgres\" has no value"),
        ("[erp.items, erp.work_orders]", "erp.items", "5:11: \"tables\" must be a list, found a single value"),
        (
            "[erp.items, erp.work_orders]", "[erp.items, erp.items, erp.work_orders]",
            "5:23: table erp.items is named twice"
        ),
        (
            "from: erp.items", "from: erp.item",
            "9:13: erp.item is not among the captured tables of source; did you mean \"erp.items\"?"
        ),
        (
            "from: erp.items", "from: items",
            "9:13: a table is written schema.table, with \"…\" around a name that has a dot, found \"items\""
        ),
        (
            "to: work_order", "to: Material",
            "17:11: table \"Material\" is already loaded from erp.items in line 10; "
                + "a target table has one source: load into two tables and join them in a view"
        ),
        (
            "to: material", "to: mes.material",
            "10:11: SQLite has no schemas; name the table without a dot, found \"mes.material\""
        ),
        (
            "to: material", "to: edgebroker_position",
            "10:11: tables named edgebroker_… and sqlite_… are not a flow's to write"
        ),
        (
            "key: [material_no]", "key: [material_nr]",
            "11:13: key column \"material_nr\" is not among the columns; did you mean \"material_no\"?"
        ),
        ("key: [material_no]", "key: material_no", "11:12: \"key\" must be a list, found a single value"),
        ("{ sqlite: mes.db }", "{ sqlite: ':memory:' }", "7:19: \"sqlite\" must be the path of a database file"),
        ("{ sqlite: mes.db }", "{ postgres: x }", "7:21: `into: postgres` is not built yet; `sqlite` is"),
        ("{ sqlite: mes.db }", "{ }", "7:3: into needs `sqlite: PATH`"),
        ("  into:", "  on_error: row\n  into:", "7:13: `on_error: row` is not built yet; only `stop` is"),
        (
            "  into:", "  on_error: rows\n  into:",
            "7:13: \"on_error\" must be stop or row or transaction, found \"rows\"; did you mean \"row\"?"
        ),
        ("load:", "log: { format: debezium }\nload:", "6:16: `format: debezium` is not built yet; `plain` is"),
        ("load:", "log: { properties: {} }\nload:", "6:20: \"properties\" belong to `format: debezium`"),
        ("load:", "log: { tombstones: yes }\nload:", "6:20: \"tombstones\" must be true or false, found \"yes\""),
        (
            "load:", "log: { topic: 'x.${tabel}' }\nload:",
            "6:15: a topic's name knows ${schema} and ${table}, found \"${tabel}\"; did you mean \"table\"?"
        ),
        (
            "load:", "log: { topic: 'x.${schema}' }\nload:",
            "6:15: tables erp.items and erp.work_orders would share one topic; "
                + "name it with ${schema} and ${table}, for instance ${schema}.${table}"
        ),
    ]

    @Test("with one slip gets one answer that names the place", arguments: slips)
    func slip(_ slip: (String, String, String)) throws {
        let range = try #require(smallFlow.firstRange(of: slip.0), "the sample has no \(slip.0)")
        let expected = slip.2.split(separator: "|").map { "f.yaml:\($0)" }
        #expect(Set(mistakes(in: smallFlow.replacingCharacters(in: range, with: slip.1))) == Set(expected))
    }

    @Test("with many mistakes gets them all, in the order of lines")
    func collects() {
        let text = """
            flow: [x]
            source:
              postgres: ${NOBODY}
              tables: [items]
              slot: s
              slot: t
            load: nothing
            laod: 1
            """
        #expect(
            mistakes(in: text) == [
                "f.yaml:1:7: \"flow\" must be a single value, found a list",
                "f.yaml:3:13: the environment has no NOBODY; set it where edgebroker is started",
                "f.yaml:4:12: a table is written schema.table, with \"…\" around a name that has a dot, found \"items\"",
                "f.yaml:6:3: key \"slot\" appears twice in this map, first in line 5",
                "f.yaml:7:7: load must be a map of keys and values, found a single value",
                "f.yaml:8:1: unknown key \"laod\"; did you mean \"load\"?",
            ])
    }

    @Test("that asks for what would change the result is refused, not warned about")
    func refuses() {
        let asked = smallFlow.replacing("      to: material\n", with: "      to: material\n      newer_wins: v\n")
        #expect(
            mistakes(in: asked) == ["f.yaml:11:7: `newer_wins` is not built yet: changes are applied in commit order"])
    }
}

extension String {
    func replacingCharacters(in range: Range<Index>, with replacement: String) -> String {
        String(self[..<range.lowerBound]) + replacement + self[range.upperBound...]
    }
}
