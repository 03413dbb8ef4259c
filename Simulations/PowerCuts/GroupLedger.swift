import RecordFormat

/// What consumer groups have committed: of each place the last commit that was answered, and those after it whose fate nobody knows.
struct GroupLedger {
    struct Place: Hashable {
        let group: String
        let partition: TopicPartition
    }

    private struct Commits {
        /// `nil`: none was answered.
        var certain: Int?
        var possible: [Int] = []
    }

    private var places: [Place: Commits] = [:]
    /// In the order in which they were first heard of.
    private(set) var known: [Place] = []

    mutating func stage(_ offset: Int, at place: Place) {
        if places[place] == nil { known.append(place) }
        places[place, default: Commits()].possible.append(offset)
    }

    /// A commit was answered: those before it count no more.
    mutating func settle(_ offset: Int, at place: Place) {
        guard let index = places[place]?.possible.firstIndex(of: offset) else { return }
        places[place]?.possible.removeSubrange(...index)
        places[place]?.certain = offset
    }

    /// Somebody has asked.
    mutating func see(_ offset: Int?, at place: Place) throws(Violation) {
        guard let commits = places[place] else { return }
        if offset == commits.certain { return }
        guard let offset, commits.possible.contains(offset) else {
            throw Violation(
                "group \(place.group) goes on at \(offset.map(String.init) ?? "nothing") in \(place.partition); it has committed \(commits.certain.map(String.init) ?? "nothing"), then perhaps \(commits.possible)"
            )
        }
        settle(offset, at: place)
    }
}
