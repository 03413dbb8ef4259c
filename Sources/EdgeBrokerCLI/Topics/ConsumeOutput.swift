import ArgumentParser
import RecordFormat

/// What `-o` of `topic consume` takes: how to print, or as with kcat where to begin and to end.
enum ConsumeOutput: Equatable, ExpressibleByArgument {
    case value
    case ndjson
    case start(ConsumeStart)
    /// `e@TIME`: not past records of this time or later.
    case end(Timestamp)

    init?(argument: String) {
        switch argument {
        case "value": self = .value
        case "ndjson": self = .ndjson
        default:
            if argument.hasPrefix("e@") {
                guard let time = ConsumeStart.time(argument.dropFirst(2)) else { return nil }
                self = .end(time)
            } else {
                guard let start = ConsumeStart(argument: argument) else { return nil }
                self = .start(start)
            }
        }
    }
}
