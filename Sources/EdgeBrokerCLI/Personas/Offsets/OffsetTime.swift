import ArgumentParser
import KafkaClient
import RecordFormat

/// What `--time` of `kafka-get-offsets` takes.
enum OffsetTime: Equatable, ExpressibleByArgument {
    case earliest
    case latest
    case time(Timestamp)

    init?(argument: String) {
        switch argument {
        case "latest", "-1": self = .latest
        case "earliest", "-2": self = .earliest
        default:
            guard let time = Int64(argument), time >= 0 else { return nil }
            self = .time(Timestamp(millisecondsSince1970: time))
        }
    }

    var defaultValueDescription: String { "latest" }

    var question: OffsetQuestion {
        switch self {
        case .earliest: .logStart
        case .latest: .highWatermark
        case .time(let time): .time(time)
        }
    }
}
