/// "Did you mean …?"
enum NameSuggestion {
    /// The name that is nearest to `name` by letters changed, added or left out, if one is near enough to be what was meant.
    static func nearest(to name: String, among names: [String]) -> String? {
        let wanted = Array(name.lowercased())
        // A longer name is no slip, and the table below grows with the square.
        guard wanted.count <= 100 else { return nil }
        let distances = names.map { (name: $0, distance: distance(wanted, Array($0.lowercased()))) }
        return distances.filter { $0.distance <= max(1, wanted.count / 3) }.min { $0.distance < $1.distance }?.name
    }

    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var previous = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                current.append(
                    min(previous[column] + (character == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
