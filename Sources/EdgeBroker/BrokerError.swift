internal import LogStore
public import RecordFormat

/// What the broker could not do: a code to switch on, a sentence with the values, and what to do about it.
public struct BrokerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened, for a program to switch on.
    public enum Code: Sendable, Equatable {
        /// Another process has the data directory open.
        case locked
        /// The data directory is a file or something else that is not a folder.
        case notADirectory
        /// This user may not write there.
        case refused
        /// No room on the disk. Nothing was changed; the same call may succeed later.
        case noSpace
        /// The folder was written by a newer release.
        case newerFormat
        /// The folder is not an edgebroker folder, or has lost its identity file.
        case foreignDirectory
        /// The disk failed. The partition is closed and opens again by itself; whether the append is in the log is not
        /// known.
        case storage
        /// Stored records are damaged; ``BrokerError/nextReadable`` says where good ones go on.
        case corrupt
        /// The offset asked for is below the log start or above the high watermark.
        case offsetOutOfRange
        /// The broker was closed.
        case closed
        /// No topic of that name, or no such partition of it.
        case unknownTopic
        case topicExists
        /// A name that a topic may not have.
        case invalidTopicName
        /// A configuration value outside its range.
        case invalidConfiguration
        /// Captured and internal topics take no records from outside.
        case readOnlyTopic
        /// The record, batch or commit is larger than the broker takes.
        case tooLarge
        /// A name that a consumer group may not have.
        case invalidGroup
        /// No group of that name.
        case unknownGroup
        /// The group has members, who alone may commit for it.
        case groupInUse
        /// The member, its generation or its instance id counts no more: somebody else may have its partitions.
        case fenced
        /// The group's members are about to divide the partitions anew. Join again, then try again.
        case rebalancing
        /// A flow or another downstream still needs the records that were to go.
        case recordsNeeded
        /// A compacted topic takes no records without a key: nothing could replace them.
        case missingKey
        /// The group has committed nothing there, and the consumer is not to begin without.
        case noCommittedOffset
        /// The task was cancelled before its call had an effect.
        case cancelled
        /// A batch that no client may send, or one that is no batch. Kafka: INVALID_RECORD.
        case invalidRecord
        /// Batches of this producer that come before this one are missing. Nothing was appended. Kafka:
        /// OUT_OF_ORDER_SEQUENCE_NUMBER.
        case outOfOrderSequence
        /// The batch is older than the five of its producer that are remembered: it is in the log, nobody knows where. Kafka:
        /// DUPLICATE_SEQUENCE_NUMBER.
        case duplicateSequence
        /// A newer instance of the producer has written to the partition. Kafka: INVALID_PRODUCER_EPOCH.
        case invalidProducerEpoch
        /// The partition has never heard of this producer, or has forgotten it after seven days of silence: whether the batch is in
        /// the log already is not known. A producer asks for a new epoch and begins anew. Kafka: UNKNOWN_PRODUCER_ID.
        case unknownProducer
        /// What is asked for does not fit the producer's transaction. Kafka: INVALID_TXN_STATE.
        case invalidTransactionState
        /// A newer instance with the same transactional id has taken over. Stop this one. Kafka: PRODUCER_FENCED.
        case producerFenced
        /// The transaction before is still being ended; try again soon. Kafka: CONCURRENT_TRANSACTIONS.
        case concurrentTransactions
        /// Nobody knows the transactional id, or it has another producer id by now. Kafka: INVALID_PRODUCER_ID_MAPPING.
        case invalidProducerIDMapping
    }

    /// What happened.
    public let code: Code
    /// What happened, in a sentence with the values. It holds no payloads and no secrets.
    public let message: String
    /// What to do about it.
    public let remedy: String
    /// The call to the system that failed, if one did.
    public let cause: Cause?
    /// With `.corrupt` and `.offsetOutOfRange`: the first offset at which a fetch can go on, if there is one.
    public let nextReadable: Offset?
    /// With `.missingKey` for a batch: which of its records have none, counted from 0. Empty where they are more than anybody wants to be
    /// told (``Broker/mostRecordsNamed``): the batch as a whole then.
    package let recordIndexes: [Int32]

    /// A call to the system that failed.
    public struct Cause: Error, Sendable, Equatable {
        /// What was tried, such as `open` or `sync folder`.
        public let operation: String
        /// Of the file or folder that it was about.
        public let path: String
        /// The system's number of the error.
        public let errno: Int32
    }

    package init(
        _ code: Code, _ message: String, remedy: String, nextReadable: Offset? = nil, recordIndexes: [Int32] = [],
        cause: Cause? = nil
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.nextReadable = nextReadable
        self.recordIndexes = recordIndexes
        self.cause = cause
    }

    public var description: String { "\(message) \(remedy)" }

    init(_ error: LogStoreError) {
        let code: Code =
            switch error.code {
            case .locked: .locked
            case .notADirectory: .notADirectory
            case .refused: .refused
            case .noSpace: .noSpace
            case .newerFormat: .newerFormat
            case .foreignDirectory: .foreignDirectory
            case .storage: .storage
            case .corrupt: .corrupt
            case .offsetOutOfRange: .offsetOutOfRange
            case .deleted: .unknownTopic
            case .closed: .closed
            }
        self.init(
            code, error.message, remedy: error.remedy, nextReadable: error.nextReadable,
            cause: error.cause.map { Cause(operation: $0.operation, path: $0.path, errno: $0.errno) })
    }
}
