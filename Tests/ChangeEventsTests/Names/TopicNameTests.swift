import ChangeEvents
import Testing

@Suite("A topic's name")
struct TopicNameTests {
    @Test(
        "escapes what schema and table have outside A-Z, a-z, 0-9 and _",
        arguments: [
            ("${schema}.${table}", "erp", "items", "erp.items"),
            ("${schema}.${table}", "erp", "bom-lines", "erp.bom--lines"),
            ("${schema}.${table}", "erp", "작업", "erp.-c791--c5c5-"),
            ("${schema}.${table}", "e.r", "a b", "e-2e-r.a-20-b"),
            ("plant-7.${table}", "erp", "Größe", "plant-7.Gr-f6--df-e"),
            ("x${table}${table}", "erp", "_😀", "x_-1f600-_-1f600-"),
        ])
    func expands(template: String, schema: String, name: String, topic: String) throws {
        #expect(try TopicName.expand(template, for: TableName(schema: schema, name: name)) == topic)
    }

    @Test("never meets another's, whatever short names two tables have")
    func neverCollides() throws {
        let letters = ["a", "-", "2", "d", "e", "."]
        var names = letters
        for _ in 0..<3 { names += names.flatMap { name in letters.map { name + $0 } } }
        var owners: [String: String] = [:]
        for name in Set(names) {
            let topic = try TopicName.expand("x.${table}", for: TableName(schema: "erp", name: name))
            if let other = owners.updateValue(name, forKey: topic) {
                Issue.record("\(name) and \(other) share \(topic)")
            }
        }
    }

    @Test("is refused when two tables would share it")
    func refusesSharing() {
        let tables = [TableName(schema: "a", name: "items"), TableName(schema: "b", name: "items")]
        let error = #expect(throws: ChangeEventsError.self) { try TopicName.topics("${table}", for: tables) }
        #expect(error?.code == .topicTaken)
        #expect(error?.message == "Topic items would be shared by table a.items and table b.items.")
    }

    @Test("is refused when it is taken for something else")
    func refusesReserved() {
        let error = #expect(throws: ChangeEventsError.self) {
            try TopicName.topics(
                TopicName.defaultTemplate, for: [TableName(schema: "mes", name: "messages")],
                reserved: ["mes.messages": "logical messages"])
        }
        #expect(error?.message == "Topic mes.messages would be shared by logical messages and table mes.messages.")
    }

    @Test("may have 249 bytes and not one more")
    func limitsLength() throws {
        let longest = String(repeating: "a", count: 245)
        #expect(
            try TopicName.expand("${schema}.${table}", for: TableName(schema: "erp", name: longest)).utf8.count == 249)
        let error = #expect(throws: ChangeEventsError.self) {
            try TopicName.expand("${schema}.${table}", for: TableName(schema: "erp", name: longest + "a"))
        }
        #expect(error?.code == .invalidTopic)
    }

    @Test(
        "is refused where the template makes none",
        arguments: ["a/${table}", "${tabel}", "über.${table}", "a b", "", "__${table}"])
    func refusesTemplate(template: String) {
        let error = #expect(throws: ChangeEventsError.self) {
            try TopicName.expand(template, for: TableName(schema: "erp", name: "items"))
        }
        #expect([.invalidTopic, .topicTaken].contains(error?.code))
    }
}
