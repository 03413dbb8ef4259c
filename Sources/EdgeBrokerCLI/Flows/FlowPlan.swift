import CaptureAgent
import ChangeEvents
import FlowFile
import Loader

/// A flow's file brought into the words of the parts that carry it out.
struct FlowPlan {
    let flow: Flow
    let capture: CaptureConfiguration
    private let tables: [CapturedTables.Table]

    /// - Throws: a `Failure` with the line, if two tables would share a topic or one's name is impossible.
    init(_ flow: Flow) throws(Failure) {
        self.flow = flow
        capture = CaptureConfiguration(
            connection: flow.source.postgres.reveal(), slot: flow.source.slot, publication: flow.source.publication,
            tables: flow.source.tables.map { TableName(schema: $0.table.schema, name: $0.table.name) },
            topicTemplate: flow.log.topicTemplate, writesTombstones: flow.log.tombstones)
        do throws(CaptureError) {
            tables = try capture.captured()
        } catch {
            throw Failure(.configuration, "\(flow.log.topicPosition): \(error)")
        }
    }

    /// - Precondition: `mapping` is of this flow.
    func mapping(_ mapping: Flow.TableMapping) -> TableMapping {
        let source = TableName(schema: mapping.from.schema, name: mapping.from.name)
        guard let topic = tables.first(where: { $0.name == source })?.topic else {
            preconditionFailure("\(source) is not captured, and the flow's file was not checked for it")
        }
        return TableMapping(
            source: source, topic: topic, target: mapping.to, key: mapping.key, filter: mapping.filter?.text,
            columns: mapping.columns?.map { TableMapping.Column(name: $0.name, expression: $0.expression.text) })
    }

    /// `nil` if the flow only captures.
    var loader: LoaderConfiguration? {
        guard let load = flow.load else { return nil }
        let target: LoaderConfiguration.Target =
            switch load.target {
            case .sqlite(let path): .sqlite(path: path)
            }
        return LoaderConfiguration(
            flow: flow.name, slot: flow.source.slot, target: target, tables: load.tables.map(mapping))
    }
}
