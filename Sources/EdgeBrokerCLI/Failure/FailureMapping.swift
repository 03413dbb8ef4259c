import CaptureAgent
import ChangeEvents
import DemoPlant
import EdgeBroker
import FlowFile
import KafkaClient
import Loader
import LogStore
import PostgresClient
import PrivateCluster
import SQLiteClient

/// The one place that knows which exit status an error of any part means.
extension Failure {
    init(explaining error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as ConfigurationErrors: self.init(error.code.status, "\(error)")
        case let error as BrokerError: self.init(error.code.status, "\(error)")
        case let error as CaptureError: self.init(ExitStatus(rawValue: error.exitCode) ?? .bug, "\(error)")
        case let error as LoaderError: self.init(error.code.status, "\(error)")
        case let error as ChangeEventsError: self.init(error.code.status, "\(error)")
        case let error as LogStoreError: self.init(error.code.status, "\(error)")
        case let error as PostgresError: self.init(error.code.status, "\(error)")
        case let error as SQLiteError: self.init(error.code.status, "\(error)")
        case let error as KafkaClientError: self.init(error.code.status, "\(error)")
        case let error as DemoError: self.init(error.code.status, "\(error)")
        case let error as PrivateClusterError: self.init(error.code.status, "\(error)")
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
        case .locked, .groupInUse, .rebalancing: .busy
        case .notADirectory, .noSpace, .topicExists: .cannotCreate
        case .refused, .readOnlyTopic, .recordsNeeded, .fenced: .refused
        case .newerFormat, .foreignDirectory: .unusableData
        case .storage, .corrupt: .inputOutput
        case .offsetOutOfRange, .noCommittedOffset, .unknownTopic, .unknownGroup: .notFound
        case .invalidTopicName, .invalidConfiguration, .invalidGroup, .tooLarge, .missingKey: .usage
        // No command appends with a producer id.
        case .invalidRecord, .outOfOrderSequence, .duplicateSequence, .invalidProducerEpoch, .unknownProducer,
            .invalidTransactionState, .producerFenced, .concurrentTransactions, .invalidProducerIDMapping:
            .bug
        case .closed: .bug
        case .cancelled: .interrupted
        }
    }
}

extension LoaderError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .configuration: .configuration
        case .foreignLog, .gap, .damagedRecords, .row, .foreignKeys, .newerFormat: .unusableData
        case .fenced, .busy: .busy
        case .noSpace, .target: .cannotCreate
        case .storage: .inputOutput
        case .interrupted: .interrupted
        case .closed: .bug
        }
    }
}

extension ChangeEventsError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .malformedEvent, .malformedDescription, .malformedHeader: .unusableData
        case .invalidTopic, .topicTaken: .configuration
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
        case .offsetOutOfRange, .deleted: .notFound
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

extension KafkaClientError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .unreachable, .unsupported, .server: .unreachable
        case .refused: .refused
        case .property, .invalid, .tooLarge: .usage
        case .notFound, .offsetOutOfRange: .notFound
        case .topicExists: .cannotCreate
        case .busy: .busy
        case .storage, .damaged: .inputOutput
        case .cancelled: .interrupted
        }
    }
}

extension DemoError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .folder: .cannotCreate
        case .stalled: .inputOutput
        case .interrupted: .interrupted
        }
    }
}

extension PrivateClusterError.Code {
    fileprivate var status: ExitStatus {
        switch self {
        case .noServerInstalled: .notFound
        case .cannotLeaveRoot: .refused
        case .folder: .cannotCreate
        case .initialisation, .start, .stop: .unreachable
        case .noResources: .inputOutput
        }
    }
}
