import ArgumentParser
import KafkaClient
import RecordFormat

/// What `--time` of `kafka-get-offsets` takes.
enum OffsetTime: Equatable {
    case earliest
    case latest
    /// The record with the largest timestamp.
    case newest
    case time(Timestamp)

    /// - Throws: a `ValidationError` that says which there are.
    @Sendable static func of(_ text: String) throws(ValidationError) -> OffsetTime {
        switch text {
        case "latest", "-1": return .latest
        case "earliest", "-2": return .earliest
        case "max-timestamp", "-3": return .newest
        case "earliest-local", "-4", "latest-tiered", "-5", "earliest-pending-upload", "-6":
            throw ValidationError(
                "there is no tiered storage here; for the ends of a partition give earliest or latest.")
        default:
            guard let time = Int64(text), time >= 0 else {
                throw ValidationError(
                    "it is -1 or latest, -2 or earliest, -3 or max-timestamp, or a time in ms since 1970.")
            }
            return .time(Timestamp(millisecondsSince1970: time))
        }
    }

    var question: OffsetQuestion {
        switch self {
        case .earliest: .logStart
        case .latest: .highWatermark
        case .newest: .newest
        case .time(let time): .time(time)
        }
    }
}
