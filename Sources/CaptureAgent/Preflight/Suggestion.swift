/// The name that was probably meant.
enum Suggestion {
    /// - Returns: the closest of `names` if at most a third of the letters are wrong, upper and lower case apart.
    static func closest(to name: String, among names: [String]) -> String? {
        let wanted = Array(name.lowercased())
        var best: (name: String, distance: Int)?
        for candidate in names {
            let letters = Array(candidate.lowercased())
            // No need to compute what cannot be close enough; a database may have many thousand tables.
            guard abs(letters.count - wanted.count) <= wanted.count / 3 else { continue }
            let distance = distance(wanted, letters)
            if distance < best?.distance ?? (wanted.count / 3 + 1) { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Levenshtein's: letters to insert, delete or replace.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
