import EdgeBroker
import SQLiteClient

/// Why a flow's loading stopped: a code to switch on, one sentence with the values, and what to do about it.
///
/// Of a row it names the key and nothing else.
package struct LoaderError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The mapping and the source or target tables do not fit.
        case configuration
        /// The target's position belongs to another log, or to a log that was put back to an earlier state.
        case foreignLog
        /// Records that were not loaded yet are gone from the log.
        case gap
        /// Stored records are damaged, or are not what capture writes.
        case damagedRecords
        /// A row cannot be loaded as the flow says.
        case row
        /// Foreign keys of the target do not hold after a whole transaction or snapshot.
        case foreignKeys
        /// Another process has begun to load the same flow into the same target.
        case fenced
        /// The target was written by a newer EdgeBroker.
        case newerFormat
        /// The target is locked by somebody else. Trying again may help.
        case busy
        /// No room for the target. Trying again may help.
        case noSpace
        /// The target's or the log's disk failed. Trying again may help.
        case storage
        /// The target cannot be opened, or refuses what it must do.
        case target
        /// The clean stop came in the middle of a statement; nothing of it remains.
        case interrupted
        /// The broker was closed.
        case closed
    }

    package let code: Code
    package let message: String
    package let remedy: String

    package init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    package var description: String { remedy.isEmpty ? message : "\(message) \(remedy)" }

    /// Whether the same work may succeed later without anybody doing anything to the flow.
    package var isTransient: Bool {
        switch code {
        case .busy, .noSpace, .storage: true
        default: false
        }
    }

    /// - Parameter place: what was being done, as "table material"; empty if the error says it.
    init(_ error: SQLiteError, _ place: String = "") {
        let code: Code =
            switch error.code {
            case .busy: .busy
            case .noSpace: .noSpace
            case .storage: .storage
            case .constraint, .mismatch, .tooLarge: .row
            case .interrupted: .interrupted
            case .corrupt, .cannotOpen, .refused, .forbidden, .statement: .target
            }
        self.init(code, place.isEmpty ? error.message : "\(place): \(error.message)", remedy: error.remedy)
    }

    init(_ error: BrokerError) {
        let code: Code =
            switch error.code {
            case .offsetOutOfRange, .noCommittedOffset: .gap
            case .corrupt, .unknownTopic: .damagedRecords
            case .storage: .storage
            case .noSpace: .noSpace
            case .closed, .cancelled: .closed
            case .newerFormat: .newerFormat
            case .locked, .notADirectory, .refused, .foreignDirectory, .topicExists, .invalidTopicName,
                .invalidConfiguration, .readOnlyTopic, .tooLarge, .invalidGroup, .missingKey,
                .recordsNeeded, .unknownGroup, .groupInUse, .fenced, .rebalancing,
                .invalidRecord, .outOfOrderSequence, .duplicateSequence, .invalidProducerEpoch, .unknownProducer,
                .invalidTransactionState, .producerFenced, .concurrentTransactions, .invalidProducerIDMapping:
                .configuration
            }
        self.init(code, error.message, remedy: error.remedy)
    }
}
