import ChangeEvents

extension TableDescription {
    /// Whether `event` tells exactly the columns that a change of a table like this tells. A transaction that alters its table has
    /// rows from before and from after, and nothing else says which of them are which.
    func fits(_ event: ChangeEvent) -> Bool {
        if let after = event.after {
            return Set(after.map(\.name)).union(event.unchanged) == Set(columns.map(\.name))
        }
        guard let old = event.before ?? event.key else { return true }
        return Set(old.map(\.name)) == Set(columns.lazy.filter { self.identity == .full || $0.isKey }.map(\.name))
    }
}
