import ChangeEvents
import EdgeBroker
import PostgresClient

extension CaptureError {
    init(_ error: PostgresError, _ what: String) {
        let code: Code =
            switch error.code {
            case .malformedConnection, .missingDatabase, .unusableValue: .connectionText
            case .tooOld: .serverTooOld
            case .refused: .refused
            case .protocolViolation: .protocolViolation
            case .unreachable, .connectionLost, .cancelled, .noResources: .unreachable
            case .server: Self.code(error.sqlState)
            }
        self.init(code, "\(what): \(error.message)", remedy: error.remedy)
    }

    /// What ended the reading of a table. A value that the server cannot convert (class 22) or storage that it cannot read
    /// (class XX) is as bad the next time, when one more part of a snapshot would be left in the log.
    init(_ error: PostgresError, reading table: TableName) {
        guard error.code == .server, let state = error.sqlState, state.hasPrefix("22") || state.hasPrefix("XX") else {
            self.init(error, "The snapshot broke off in \(table)")
            return
        }
        // The server's words may quote the value.
        self.init(
            .unreadableRows, "The server cannot read all rows of \(table) (SQLSTATE \(state)).",
            remedy:
                "Its log has the statement and its details. Repair the rows, or take the table out of source.tables.")
    }

    /// What a statement of ours failed with. Whatever is wrong for good is found out by the next look at the source.
    private static func code(_ sqlState: String?) -> Code {
        switch sqlState {
        // object_in_use
        case "55006": .slotBusy
        // feature_not_supported, configuration_limit_exceeded
        case "0A000", "53400": .serverSettings
        default: .unreachable
        }
    }

    init(_ error: BrokerError) {
        let code: Code =
            switch error.code {
            case .invalidTopicName, .topicExists, .invalidConfiguration: .topic
            case .newerFormat, .corrupt, .foreignDirectory, .notADirectory, .locked: .log
            default: .logUnavailable
            }
        self.init(code, error.message, remedy: error.remedy)
    }
}
