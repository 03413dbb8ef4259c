public import Logging

/// Something that whoever runs the broker should hear of. The broker itself does not alarm anybody: it hands events up, and the program
/// decides what becomes of them.
public struct BrokerEvent: Sendable {
    /// What happened. Later versions may know more.
    public enum Kind: String, Sendable, CaseIterable {
        /// Acknowledged records are damaged and will not be served.
        case recordsDamaged
        /// Records are known to be lost: a repair has given them up.
        case recordsLost
        /// Bytes that a kill or a power cut had left unfinished were cut. Nothing acknowledged is among them.
        case tornTailCut
        case recoveryNote
        case opened
        /// A partition takes no appends until it is open again.
        case partitionClosed
        case partitionOpened
        /// The durable marks could not be written: the next start would read more.
        case marksPostponed
        case reserveReleased
        /// Files of deleted records, or of a deleted topic, are still there; they go later.
        case filesLeftBehind
        /// Old records went by age, by size, or because no flow needs them.
        case recordsDeleted
        /// Records that every known downstream had gave way to the disk budget.
        case recordsDropped
        /// Records that not every downstream had gave way to the disk budget.
        case unreadRecordsDropped
        /// A downstream needs records that are gone.
        case recordsMissing
        /// Appends are refused: there is no room.
        case appendsRefused
        case appendsTaken
        /// Something that keeps the log within its bounds failed and is tried again.
        case maintenancePostponed
        case compacted
        case compactionPostponed
    }

    /// What happened; switch on it.
    public let kind: Kind
    /// Partition, reason and the like, as text.
    public let metadata: Logger.Metadata

    init(_ kind: Kind, _ metadata: Logger.Metadata = [:]) {
        self.kind = kind
        self.metadata = metadata
    }

    /// One sentence for each kind.
    public var message: String { kind.message }
}

extension BrokerEvent.Kind {
    /// What a program for an unattended machine would log it with.
    public var usualLevel: Logger.Level {
        switch self {
        case .recordsDamaged, .partitionClosed, .unreadRecordsDropped, .recordsMissing, .appendsRefused: .error
        case .marksPostponed, .reserveReleased, .maintenancePostponed, .compactionPostponed: .warning
        case .recoveryNote, .partitionOpened, .filesLeftBehind, .appendsTaken: .notice
        case .recordsLost, .tornTailCut, .opened, .recordsDeleted, .recordsDropped, .compacted: .info
        }
    }

    fileprivate var message: String {
        switch self {
        case .recordsDamaged: "Records are damaged and will not be served"
        case .recordsLost: "Records are known to be lost"
        case .tornTailCut: "Cut a torn tail"
        case .recoveryNote: "Recovery"
        case .opened: "Opened the log"
        case .partitionClosed: "A partition takes no appends until it is open again"
        case .partitionOpened: "The partition is open again"
        case .marksPostponed: "The durable marks could not be written"
        case .reserveReleased: "The disk is full; the reserve is given to the broker's own topics"
        case .filesLeftBehind: "Files that are deleted stay until later"
        case .recordsDeleted: "Deleted old records"
        case .recordsDropped, .unreadRecordsDropped: "Records gave way to the disk budget"
        case .recordsMissing: "Records are missing"
        case .appendsRefused: "Appends are refused"
        case .appendsTaken: "Appends are taken again"
        case .maintenancePostponed: "Maintenance is put off"
        case .compacted: "Compacted"
        case .compactionPostponed: "Compaction is put off"
        }
    }
}
