import Glibc
import LogStore

/// The command line.
struct Arguments {
    static let usage = """
        usage: PowerCuts [--seeds N] [--first S] [--jobs J] [--trace TEXT] [--bug NAME | --planted-bugs]
          --seeds N        plants to simulate (800); each loses power some hundred times
          --first S        the first one's seed (1)
          --jobs J         plants at a time (one for each core)
          --trace TEXT     prints what is done to files whose path contains it; with one seed
          --bug NAME       with this bug planted: \(PlantedBug.allCases.map(\.rawValue).joined(separator: ", "))
          --planted-bugs   with each of them in turn: done when every one was found
          --help           this
        A failure prints its seed and the command that replays it. Exit code 0: no promise was broken; 1: one was, or a planted bug was
        not found; 64: the arguments make no sense.
        """

    var seeds: UInt64 = 800
    var first: UInt64 = 1
    var jobs = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var trace: String?
    var bug: PlantedBug?
    var eachBug = false
    var help = false

    /// - Returns: `nil` if the arguments make no sense.
    init?(_ arguments: [String]) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            switch option {
            case "--help", "-h": help = true
            case "--planted-bugs": eachBug = true
            case "--seeds":
                guard let text = rest.popFirst(), let value = UInt64(text), value > 0 else { return nil }
                seeds = value
            case "--first":
                guard let text = rest.popFirst(), let value = UInt64(text) else { return nil }
                first = value
            case "--jobs":
                guard let text = rest.popFirst(), let value = Int(text), (1...64).contains(value) else { return nil }
                jobs = value
            case "--trace":
                guard let text = rest.popFirst() else { return nil }
                trace = text
            case "--bug":
                guard let text = rest.popFirst(), let value = PlantedBug(rawValue: text) else { return nil }
                bug = value
            default: return nil
            }
        }
        if first > .max - seeds { return nil }
    }
}
