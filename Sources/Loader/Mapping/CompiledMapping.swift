package import ChangeEvents
import SQLiteClient

/// A mapping checked against its source table, which decides what each change does to the target. It acts on nothing itself.
/// One thread's.
package final class CompiledMapping {
    package let mapping: TableMapping
    package let columns: [TargetColumn]
    /// Places of the key in ``columns``.
    package let key: [Int]
    let description: TableDescription
    private let source: SourceColumns
    private let engine: ExpressionEngine?
    private let filterReads: Set<Int>
    /// Source columns that anything is made of.
    private let needed: [Bool]
    private let neededForKey: [Bool]
    /// Under REPLICA IDENTITY FULL the target's key may hold columns that are no key of the source: then only the two rows of an
    /// update tell that it has changed.
    private let keyMayChange: Bool
    /// Every column and the filter: what nearly every row needs.
    private let whole: Evaluation
    private let keyOnly: Evaluation
    /// For rows with columns that are not known, by the columns that are.
    private var partial: [[Int]: Evaluation] = [:]

    /// - Throws: ``MappingError`` for what is wrong with the mapping.
    package init(_ mapping: TableMapping, of description: TableDescription) throws(MappingError) {
        self.mapping = mapping
        self.description = description
        source = SourceColumns(description)
        let reader = MappingReader(mapping, description)
        columns = try reader.columns()
        key = try KeyChoice.places(mapping, columns, description)
        filterReads = try reader.filterReads()
        engine = reader.engine
        let reads = columns.map(\.reads)
        let keyReads = key.reduce(into: Set<Int>()) { $0.formUnion(reads[$1]) }
        let allReads = reads.reduce(into: filterReads) { $0.formUnion($1) }
        needed = description.columns.indices.map { allReads.contains($0) }
        neededForKey = description.columns.indices.map { keyReads.contains($0) }
        keyMayChange = !keyReads.allSatisfy { description.columns[$0].isKey }
        whole = try Evaluation(Array(columns.indices), columns, filter: mapping.filter, engine)
        keyOnly = try Evaluation(key, columns, filter: nil, engine)
    }

    /// What `event`, a change of the source table, does to the target: nothing, one thing, or, when the key changed, two in
    /// this order.
    /// - Throws: ``RowFailure`` if the row cannot be loaded as the flow says.
    package func effects(of event: ChangeEvent) throws(RowFailure) -> [RowEffect] {
        switch event.operation {
        case .message: return []
        case .truncate: return [.truncate]
        case .delete: return [.delete(key: try oldKey(event))]
        case .snapshotRow, .create, .update: return try written(event)
        }
    }

    private func oldKey(_ event: ChangeEvent) throws(RowFailure) -> [SQLiteValue] {
        let row = try SourceRow(
            event.before ?? event.key ?? [], fallback: event.key ?? [], of: source, needed: neededForKey)
        try checkKnown(key, row)
        return try checked(key: try keyOnly.values(row.values, event.commitTime))
    }

    private func written(_ event: ChangeEvent) throws(RowFailure) -> [RowEffect] {
        // Under REPLICA IDENTITY FULL the old row has what the new one does not tell because it did not change.
        let row = try SourceRow(event.after ?? [], fallback: event.before ?? [], of: source, needed: needed)
        guard row.unknown.isEmpty else { return try partlyWritten(event, row) }
        let values = try whole.values(row.values, event.commitTime)
        return try effects(event, isIn: whole.isIn(values), key: key.map { values[$0] }) {
            .upsert(columns.count == values.count ? values : Array(values[..<columns.count]))
        }
    }

    /// Some columns are unchanged and stored out of line: what is made of them stays as it is in the target.
    private func partlyWritten(_ event: ChangeEvent, _ row: SourceRow) throws(RowFailure) -> [RowEffect] {
        if let place = row.unknown.first(where: { !event.unchanged.contains(source.names[$0]) }) {
            throw RowFailure(reason: "the change does not tell column \(source.names[place])")
        }
        if let place = filterReads.intersection(row.unknown).first {
            throw RowFailure(
                reason:
                    "`where` reads \(source.names[place]), which this update does not tell because it is stored out of line; set REPLICA IDENTITY FULL on \(description.table)"
            )
        }
        try checkKnown(key, row)
        let known = columns.indices.filter { columns[$0].reads.isDisjoint(with: row.unknown) }
        let evaluation = try evaluation(of: known)
        let values = try evaluation.values(row.values, event.commitTime)
        let keyValues = key.compactMap { place in known.firstIndex(of: place).map { values[$0] } }
        return try effects(event, isIn: evaluation.isIn(values), key: keyValues) {
            known.count == columns.count
                ? .upsert(Array(values[..<known.count]))
                : .update(key: keyValues, columns: known, values: Array(values[..<known.count]))
        }
    }

    private func effects(
        _ event: ChangeEvent, isIn: Bool, key: [SQLiteValue], _ write: () -> RowEffect
    ) throws(RowFailure) -> [RowEffect] {
        _ = try checked(key: key)
        var effects: [RowEffect] = []
        if keyMayChange, event.operation == .update, event.before != nil {
            let old = try oldKey(event)
            if old != key { effects.append(.delete(key: old)) }
        }
        if isIn {
            effects.append(write())
        } else if event.operation != .snapshotRow {
            // What a snapshot leaves out goes when it ends.
            effects.append(.delete(key: key))
        }
        return effects
    }

    private func evaluation(of known: [Int]) throws(RowFailure) -> Evaluation {
        if known.count == columns.count { return whole }
        if let evaluation = partial[known] { return evaluation }
        do throws(MappingError) {
            let evaluation = try Evaluation(known, columns, filter: mapping.filter, engine)
            partial[known] = evaluation
            return evaluation
        } catch {
            throw RowFailure(reason: error.description)
        }
    }

    private func checkKnown(_ places: [Int], _ row: SourceRow) throws(RowFailure) {
        for place in places {
            if let missing = columns[place].reads.intersection(row.unknown).first {
                throw RowFailure(reason: "the change does not tell \(source.names[missing]), which is part of the key")
            }
        }
    }

    /// A row whose key is NULL could be written and never found again.
    private func checked(key values: [SQLiteValue]) throws(RowFailure) -> [SQLiteValue] {
        if let place = values.firstIndex(of: .null) {
            throw RowFailure(reason: "key column \(columns[key[place]].name) is NULL")
        }
        return values
    }
}
