import ChangeEvents
import FlowFile
import Loader

/// Finds what is wrong with a mapping, all of it, and gives each mistake its line.
enum MappingCheck {
    /// Against the table as the source describes it.
    static func mistakes(
        _ mapping: Flow.TableMapping, _ plan: FlowPlan, _ description: TableDescription
    ) -> [String] {
        let whole = plan.mapping(mapping)
        return (columnMistakes(whole, description) + filterMistakes(whole, description)).map {
            "\(position(of: $0, mapping)): \($0)"
        }
    }

    /// What was found wrong is left out, and the rest is looked at again.
    private static func columnMistakes(_ whole: TableMapping, _ description: TableDescription) -> [MappingError] {
        var mistakes: [MappingError] = []
        var columns = whole.columns
        while true {
            let rest = TableMapping(
                source: whole.source, topic: whole.topic, target: whole.target, key: whole.key, columns: columns)
            do throws(MappingError) {
                _ = try CompiledMapping(rest, of: description)
                return mistakes
            } catch {
                guard case .column(let name) = error.part else {
                    // A key may only be missing because its column was found wrong.
                    return mistakes.isEmpty ? [error] : mistakes
                }
                mistakes.append(error)
                columns?.removeAll { $0.name == name }
                if columns?.isEmpty != false { return mistakes }
            }
        }
    }

    private static func filterMistakes(_ whole: TableMapping, _ description: TableDescription) -> [MappingError] {
        guard let filter = whole.filter, let first = description.columns.first else { return [] }
        // Beside columns and a key that cannot be wrong.
        let alone = TableMapping(
            source: whole.source, topic: whole.topic, target: whole.target,
            key: description.hasKey ? nil : [first.name],
            filter: filter)
        do throws(MappingError) {
            _ = try CompiledMapping(alone, of: description)
            return []
        } catch {
            return error.part == .filter ? [error] : []
        }
    }

    /// When the source does not answer: whatever the expressions read is taken for a column of text.
    static func mistakesWithoutSource(_ mapping: Flow.TableMapping) -> [String] {
        let expressions = (mapping.columns ?? []).map(\.expression) + (mapping.filter.map { [$0] } ?? [])
        return expressions.compactMap { expression in
            do throws(ExpressionError) {
                let columns = ExpressionNames.possibleColumns(of: expression.text)
                let engine = try ExpressionEngine(columns: columns.map { ExpressionColumn(name: $0, kind: .text) })
                _ = try engine.compile([expression.text])
                return nil
            } catch {
                // What depends on a column's type cannot be told.
                return error.code == .inexact ? nil : "\(expression.position): \(error)"
            }
        }
    }

    private static func position(of error: MappingError, _ mapping: Flow.TableMapping) -> SourcePosition {
        switch error.part {
        case .table: mapping.position
        case .key: mapping.keyPosition ?? mapping.position
        case .filter: mapping.filter?.position ?? mapping.position
        case .column(let name): mapping.columns?.first { $0.name == name }?.expression.position ?? mapping.position
        }
    }
}
