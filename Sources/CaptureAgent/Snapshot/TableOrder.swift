package import ChangeEvents

/// The order in which a snapshot reads tables: what others refer to comes first.
package enum TableOrder {
    /// - Parameters:
    ///   - tables: their order decides where no reference does, and inside a circle of references.
    ///   - references: from the referring to the referred table; others than `tables` do not matter.
    package static func sorted(
        _ tables: [TableName], references: [(from: TableName, to: TableName)]
    ) -> [TableName] {
        var targets: [TableName: Set<TableName>] = [:]
        for reference in references where reference.from != reference.to && tables.contains(reference.to) {
            targets[reference.from, default: []].insert(reference.to)
        }
        var done: Set<TableName> = []
        var left = tables
        var order: [TableName] = []
        while !left.isEmpty {
            // In a circle no table is free; then the first opens it.
            let index = left.firstIndex { targets[$0, default: []].isSubset(of: done) } ?? 0
            let table = left.remove(at: index)
            done.insert(table)
            order.append(table)
        }
        return order
    }
}
