import LogStore

/// The command line: `PowerCuts [--seeds N] [--first S] [--trace TEXT] [--bug NAME | --planted-bugs]`.
struct Arguments {
    static let usage = """
        usage: PowerCuts [--seeds N] [--first S] [--trace TEXT] [--bug NAME | --planted-bugs]
          --seeds N        plants to simulate (5000)
          --first S        the first one's seed (1)
          --trace TEXT     prints what is done to files whose path contains it
          --bug NAME       with this bug planted: \(PlantedBug.allCases.map(\.rawValue).joined(separator: ", "))
          --planted-bugs   with each of them in turn: done when every one was found
        """

    var seeds: UInt64 = 5000
    var first: UInt64 = 1
    var trace: String?
    var bug: PlantedBug?
    var eachBug = false

    /// - Returns: `nil` if the arguments make no sense.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            switch option {
            case "--planted-bugs": eachBug = true
            case "--seeds":
                guard let text = rest.popFirst(), let value = UInt64(text), value > 0 else { return nil }
                seeds = value
            case "--first":
                guard let text = rest.popFirst(), let value = UInt64(text) else { return nil }
                first = value
            case "--trace":
                guard let text = rest.popFirst() else { return nil }
                trace = text
            case "--bug":
                guard let text = rest.popFirst(), let value = PlantedBug(rawValue: text) else { return nil }
                bug = value
            default: return nil
            }
        }
    }

    var seedRange: Range<UInt64> { first..<(first &+ seeds) }
}
