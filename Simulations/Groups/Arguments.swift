import EdgeBroker

/// The command line: `GroupEvents [--sequences N] [--first S] [--trace] [--bug NAME | --planted-bugs]`.
struct Arguments {
    static let usage = """
        usage: GroupEvents [--sequences N] [--first S] [--trace] [--bug NAME | --planted-bugs]
          --sequences N    sequences of events to play, each from one seed (20000)
          --first S        the first one's seed (1)
          --trace          prints what happens
          --bug NAME       with this bug planted: \(PlantedGroupBug.allCases.map(\.rawValue).joined(separator: ", "))
          --planted-bugs   with each of them in turn: done when every one was found
        """

    var sequences: UInt64 = 20_000
    var first: UInt64 = 1
    var traces = false
    var bug: PlantedGroupBug?
    var eachBug = false

    /// - Returns: `nil` if the arguments make no sense.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            switch option {
            case "--planted-bugs": eachBug = true
            case "--trace": traces = true
            case "--sequences":
                guard let text = rest.popFirst(), let value = UInt64(text), value > 0 else { return nil }
                sequences = value
            case "--first":
                guard let text = rest.popFirst(), let value = UInt64(text) else { return nil }
                first = value
            case "--bug":
                guard let text = rest.popFirst(), let value = PlantedGroupBug(rawValue: text) else { return nil }
                bug = value
            default: return nil
            }
        }
    }

    var seeds: Range<UInt64> { first..<(first &+ sequences) }
}
