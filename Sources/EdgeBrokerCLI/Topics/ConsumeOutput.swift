import ArgumentParser
import RecordFormat

/// What `-o` of `topic consume` takes: how to print, or as with kcat where to begin and to end.
enum ConsumeOutput: Equatable {
    case value
    case ndjson
    case start(ConsumeStart)
    /// `e@TIME`: not past records of this time or later.
    case end(Timestamp)

    /// - Throws: a `ValidationError` that says what it may be.
    @Sendable static func of(_ text: String) throws(ValidationError) -> ConsumeOutput {
        if let output = ConsumeOutput(argument: text) { return output }
        throw ValidationError(
            "it is value or ndjson, or a place: beginning, end, stored, an offset, -N, s@TIME or e@TIME, with a time in ms since 1970 or such as 2026-11-22T06:00:00Z."
        )
    }

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
