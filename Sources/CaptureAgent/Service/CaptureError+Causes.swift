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
