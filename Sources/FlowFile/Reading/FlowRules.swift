/// What must hold between the flows of one plant.
enum FlowRules {
    static func violations(_ flows: [Flow]) -> [ConfigurationIssue] {
        var issues: [ConfigurationIssue] = []
        for (index, flow) in flows.enumerated() {
            for other in flows[..<index] {
                if other.name == flow.name {
                    issues.append(
                        ConfigurationIssue(flow.position, "flow \(flow.name) is also in \(other.position.file)"))
                }
                // Two readers of one slot would each get a part of the changes.
                if other.source.slot == flow.source.slot {
                    issues.append(
                        ConfigurationIssue(
                            flow.source.slotPosition,
                            "slot \(flow.source.slot) belongs to flow \(other.name) (\(other.source.slotPosition)); "
                                + "give every flow a slot of its own"))
                }
                issues += sharedTables(flow, other)
            }
        }
        return issues
    }

    private static func sharedTables(_ flow: Flow, _ other: Flow) -> [ConfigurationIssue] {
        guard let load = flow.load, let otherLoad = other.load, load.target == otherLoad.target else { return [] }
        return load.tables.compactMap { table in
            guard let first = otherLoad.tables.first(where: { $0.to.lowercased() == table.to.lowercased() }) else {
                return nil
            }
            return ConfigurationIssue(
                table.toPosition,
                "table \"\(table.to)\" is already loaded by flow \(other.name) (\(first.toPosition)); a target table has one source"
            )
        }
    }
}
