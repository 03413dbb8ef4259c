import DemoPlant
import FlowFile
import Testing

@Suite("The demonstration's flow file")
struct DemoFlowTests {
    @Test("is a flow without a warning that captures every table of the ERP")
    func isValid() throws {
        let text = DemoFlow.text(postgres: "host='/tmp/erp' dbname='erp'", sqlite: "/tmp/mes.db")
        let checked = try Flow.parse(text, file: "/tmp/flow.yaml", .process)
        #expect(checked.warnings.isEmpty)
        #expect(checked.value.name == DemoFlow.name)
        #expect(checked.value.source.slot == DemoFlow.slot)
        #expect(checked.value.source.tables.map { "\($0.table)" } == ERPTable.all.map(\.name))
        #expect(checked.value.load?.tables.count == ERPTable.all.count)
    }
}
