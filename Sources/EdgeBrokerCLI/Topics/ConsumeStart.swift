import ArgumentParser
import RecordFormat

/// Where reading begins.
enum ConsumeStart: Equatable {
    case earliest
    case latest
    case offset(Offset)
    /// So many records before the end.
    case tail(Int64)
    /// The first record that is not older.
    case time(Timestamp)
    /// Where the group has committed; at the oldest record where it has not.
    case stored

    /// A word, an offset, `-N`, or a time; kcat's words are understood too.
    init?(argument: String) {
        switch argument {
        case "earliest", "beginning": self = .earliest
        case "latest", "end": self = .latest
        case "stored": self = .stored
        default:
            if let offset = Int64(argument) {
                if offset >= 0 {
                    self = .offset(Offset(offset))
                } else {
                    self = .tail(Int64(clamping: offset.magnitude))
                }
            } else if argument.hasPrefix("s@") {
                guard let time = Self.time(argument.dropFirst(2)) else { return nil }
                self = .time(time)
            } else {
                guard let time = WallTime.milliseconds(argument) else { return nil }
                self = .time(Timestamp(millisecondsSince1970: time))
            }
        }
    }

    /// - Throws: a `ValidationError` that says what it may be.
    @Sendable static func of(_ text: String) throws(ValidationError) -> ConsumeStart {
        if let start = ConsumeStart(argument: text) { return start }
        throw ValidationError(
            "it is earliest, latest, an offset, -N for the last N, or a time with its zone such as 2026-11-22T06:00:00Z."
        )
    }

    /// Of `s@` and `e@`: ms since 1970 as kcat has it, or a time with a zone.
    static func time(_ text: Substring) -> Timestamp? {
        guard let milliseconds = Int64(text) ?? WallTime.milliseconds(String(text)), milliseconds >= 0 else {
            return nil
        }
        return Timestamp(millisecondsSince1970: milliseconds)
    }
}
