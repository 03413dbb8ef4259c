import CaptureAgent
import ChangeEvents
import FlowFile

/// What checking one flow beyond its file came to.
struct FlowVerdict {
    var mistakes: [Failure] = []
    /// What nobody could be asked about.
    var unchecked: [String] = []
    let summary: String

    static func of(_ plan: FlowPlan) async throws -> FlowVerdict {
        let flow = plan.flow
        let loaded = flow.load.map { "\($0.tables.count) loaded" } ?? "none loaded"
        var verdict = FlowVerdict(
            summary: "good: flow \(flow.name), tables: \(flow.source.tables.count) captured, \(loaded)")
        let mappings = flow.load?.tables ?? []
        switch await inspect(plan) {
        case .success(let descriptions):
            for mapping in mappings {
                let source = TableName(schema: mapping.from.schema, name: mapping.from.name)
                guard let description = descriptions.first(where: { $0.table == source }) else {
                    preconditionFailure("Inspecting a source answered without \(source)")
                }
                verdict.add(MappingCheck.mistakes(mapping, plan, description))
            }
            verdict.unchecked.append("slot \(flow.source.slot), which only a start can check against the log")
        case .failure(let error):
            let failure = Failure(explaining: error)
            if error.isTransient {
                verdict.unchecked.append("the source's settings, rights, tables and columns: \(failure)")
            } else {
                verdict.mistakes.append(Failure(failure.status, "\(flow.position.file): \(failure)"))
            }
            for mapping in mappings { verdict.add(MappingCheck.mistakesWithoutSource(mapping)) }
        }
        if flow.load != nil { verdict.unchecked.append("the target's tables, which the first load checks or creates") }
        return verdict
    }

    private static func inspect(_ plan: FlowPlan) async -> Result<[TableDescription], CaptureError> {
        let capture = plan.capture
        do {
            return .success(try await onOwnThread { try SourceInspection.run(capture) })
        } catch let error as CaptureError {
            return .failure(error)
        } catch {
            preconditionFailure("Inspecting a source throws only CaptureError: \(error)")
        }
    }

    private mutating func add(_ lines: [String]) {
        mistakes += lines.map { Failure(.configuration, $0) }
    }
}
