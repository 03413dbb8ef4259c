import ArgumentParser

/// The states that `--list --state` takes, with commas and in any case; none: all.
struct GroupStates: Equatable {
    /// https://github.com/apache/kafka, GroupState: those of both protocols.
    private static let known = [
        "PreparingRebalance", "CompletingRebalance", "Stable", "Dead", "Empty", "Assigning", "Reconciling",
    ]

    private let names: Set<String>

    /// - Throws: a `ValidationError` that names a state that there is not.
    init(_ text: String?) throws(ValidationError) {
        var names: Set<String> = []
        for word in (text ?? "").split(separator: ",") {
            let word = word.filter { $0 != " " }
            guard let name = Self.known.first(where: { $0.lowercased() == word.lowercased() }) else {
                throw ValidationError(
                    "There is no state \(word) of a group; there are \(Self.known.joined(separator: ", ")).")
            }
            names.insert(name)
        }
        self.names = names
    }

    func contains(_ state: String?) -> Bool { names.isEmpty || state.map(names.contains) == true }
}
