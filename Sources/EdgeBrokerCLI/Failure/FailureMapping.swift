import EdgeBroker
import FlowFile
import LogStore
import PostgresClient
import SQLiteClient

/// The one place that knows which exit status an error of any part means.
extension Failure {
    init(explaining error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as ConfigurationErrors: self.init(error.code.status, "\(error)")
        case let error as BrokerError: self.init(error.code.status, "\(error)")
        case let error as LogStoreError: self.init(error.code.status, "\(error)")
        case let error as PostgresError: self.init(error.code.status, "\(error)")
        case let error as SQLiteError: self.init(error.code.status, "\(error)")
        case is CancellationError: self.init(.interrupted, "Interrupted.")
        default:
            self.init(.bug, "This is a bug in edgebroker, please report it: \(type(of: error)): \(error)")
        }
    }
}

extension ConfigurationErrors.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .invalid: .configuration
        case .notFound: .notFound
        case .refused: .refused
        }
    }
}

extension BrokerError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .locked: .busy
        case .notADirectory, .noSpace, .topicExists: .cannotCreate
        case .refused, .readOnlyTopic: .refused
        case .newerFormat, .foreignDirectory: .unusableData
        case .storage, .corrupt: .inputOutput
        case .offsetOutOfRange, .unknownTopic: .notFound
        case .invalidTopicName, .invalidConfiguration, .tooLarge: .usage
        case .closed: .bug
        }
    }
}

extension LogStoreError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .locked: .busy
        case .notADirectory, .noSpace: .cannotCreate
        case .refused: .refused
        case .newerFormat, .foreignDirectory: .unusableData
        case .storage, .corrupt: .inputOutput
        case .offsetOutOfRange: .notFound
        case .closed: .bug
        }
    }
}

extension PostgresError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .malformedConnection, .missingDatabase, .tooOld, .unusableValue, .server: .configuration
        case .unreachable, .connectionLost: .unreachable
        case .refused: .refused
        case .protocolViolation: .unusableData
        case .cancelled: .interrupted
        case .noResources: .inputOutput
        }
    }
}

extension SQLiteError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .busy: .busy
        case .noSpace, .cannotOpen: .cannotCreate
        case .storage: .inputOutput
        case .corrupt: .unusableData
        case .refused: .refused
        case .constraint, .mismatch, .tooLarge, .statement, .forbidden: .configuration
        case .interrupted: .interrupted
        }
    }
}
