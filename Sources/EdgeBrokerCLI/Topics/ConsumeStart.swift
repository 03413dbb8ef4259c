import ArgumentParser
import RecordFormat

/// Where reading begins.
enum ConsumeStart: Equatable, ExpressibleByArgument {
    case earliest
    case latest
    case offset(Offset)
    /// The first record that is not older.
    case time(Timestamp)

    init?(argument: String) {
        switch argument {
        case "earliest": self = .earliest
        case "latest": self = .latest
        default:
            if let offset = Int64(argument) {
                guard offset >= 0 else { return nil }
                self = .offset(Offset(offset))
            } else {
                guard let time = WallTime.milliseconds(argument) else { return nil }
                self = .time(Timestamp(millisecondsSince1970: time))
            }
        }
    }

    var defaultValueDescription: String { "earliest" }
}
