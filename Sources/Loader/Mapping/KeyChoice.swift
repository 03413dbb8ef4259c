import ChangeEvents

/// Which columns of the target are its key, and whether they can be told when a row is deleted.
enum KeyChoice {
    /// - Returns: places in `columns`, at least one.
    static func places(
        _ mapping: TableMapping, _ columns: [TargetColumn], _ description: TableDescription
    ) throws(MappingError) -> [Int] {
        let places: [Int]
        if let key = mapping.key {
            places = try named(key, columns)
        } else {
            places = try inherited(columns, description)
        }
        for place in places { try check(columns[place], description) }
        return places
    }

    private static func named(_ key: [String], _ columns: [TargetColumn]) throws(MappingError) -> [Int] {
        var places: [Int] = []
        for name in key {
            guard let place = columns.firstIndex(where: { $0.name.lowercased() == name.lowercased() }) else {
                let suggestion = NameSuggestion.nearest(to: name, among: columns.map(\.name))
                throw MappingError(
                    .key, "The target has no column \(name).",
                    remedy: suggestion.map { "Did you mean \($0)?" } ?? "Name one of its columns.")
            }
            guard !places.contains(place) else {
                throw MappingError(.key, "Column \(name) is named twice.", remedy: "Name it once.")
            }
            places.append(place)
        }
        guard !places.isEmpty else {
            throw MappingError(.key, "The key names no column.", remedy: "Leave it out to use the source's key.")
        }
        return places
    }

    /// Each key column of the source, in the one column that is made of it alone.
    private static func inherited(
        _ columns: [TargetColumn], _ description: TableDescription
    ) throws(MappingError) -> [Int] {
        var places: [Int] = []
        for (index, column) in description.columns.enumerated() where column.isKey {
            let untouched = columns.indices.filter { columns[$0].origin == .column(index) }
            let made = columns.indices.filter { columns[$0].reads == [index] }
            guard let place = untouched.first ?? (made.count == 1 ? made.first : nil) else {
                throw MappingError(
                    .key, "Which column holds the source's key \(column.name) is not clear.",
                    remedy: "Name the target's key columns with `key:`.")
            }
            if !places.contains(place) { places.append(place) }
        }
        guard !places.isEmpty else {
            throw MappingError(
                .key, "\(description.table) has no key that the target could use.",
                remedy: "Give the source table a primary key, or REPLICA IDENTITY FULL and `key:` here.")
        }
        return places
    }

    /// A delete tells the columns of the replica identity and nothing else.
    private static func check(_ column: TargetColumn, _ description: TableDescription) throws(MappingError) {
        if column.usesCommitTime {
            throw MappingError(
                .key, "Column \(column.name) depends on the commit time, so a delete could not find its row.",
                remedy: "Use columns of the source's key.")
        }
        if description.identity == .full { return }
        let missing = column.reads.sorted().map { description.columns[$0] }.filter { !$0.isKey }
        guard missing.isEmpty else {
            throw MappingError(
                .key,
                "Column \(column.name) reads \(missing.map(\.name).joined(separator: ", ")), which a delete in \(description.table) does not tell.",
                remedy: "Use columns of the source's key, or set REPLICA IDENTITY FULL on \(description.table).")
        }
    }
}
