import ArgumentParser
import Logging

/// How much the parts of the program say on standard error.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug, info
    /// Damage and failures: what a person must know.
    case warning
    case error

    var logger: Logger {
        var logger = Logger(label: "edgebroker", factory: StreamLogHandler.standardError(label:))
        logger.logLevel =
            switch self {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        return logger
    }
}
