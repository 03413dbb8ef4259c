/// Why capture does not run: a code to switch on, what happened with the values, and what to do.
///
/// Connection texts, passwords and values of rows never appear in it.
package struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Hashable, CaseIterable {
        /// `wal_level` is not `logical`, or no slot is left.
        case serverSettings
        /// Older than PostgreSQL 14.
        case serverTooOld
        /// The database has no encoding, so its text cannot be told exactly.
        case encoding
        /// A configured table is not there.
        case missingTable
        /// A view, an unlogged table, a partition beside its parent: what cannot be captured.
        case unusableTable
        /// Updates and deletes of a table would not say which row they mean.
        case replicaIdentity
        /// The publication of our name is not one we may make exact.
        case publication
        /// Two tables share a topic, or a topic belongs to somebody else.
        case topic
        /// The connection text cannot be read, or names no database that is there.
        case connectionText
        /// A password or a right is missing.
        case refused
        /// A replication slot of our name was made by somebody else.
        case foreignSlot
        /// The slot has passed what the log holds: changes are missing.
        case slotAhead
        /// The slot is gone or has lost its WAL: changes are missing.
        case slotLost
        /// A captured table was not published, or not in full, for a while: changes may be missing.
        case publicationGap
        /// The source was put back to before what the log holds.
        case sourceBehind
        /// A row of the source cannot be read, however often it is tried.
        case unreadableRows
        /// Another cluster, or another history of it, than the one in the log.
        case otherSystem
        /// The log itself is damaged or of a newer format.
        case log
        /// Somebody else is using the slot right now.
        case slotBusy
        /// The source does not answer, or the connection broke.
        case unreachable
        /// The source sent what its protocol does not allow.
        case protocolViolation
        /// The log could not take the changes: a full or failing disk. It is tried again.
        case logUnavailable
        /// It was asked to end. Nobody outside sees this one.
        case stopped
    }

    package let code: Code
    package let message: String
    package let remedy: String

    package init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    package var description: String { "\(message) \(remedy)" }

    /// Whether trying again, without anybody doing something about it, may help.
    package var isTransient: Bool {
        switch code {
        case .slotBusy, .unreachable, .protocolViolation, .logUnavailable: true
        default: false
        }
    }

    /// The exit code of a process that gives up for this (DESIGN, "Interfaces that scripts rely on").
    package var exitCode: Int32 {
        switch code {
        case .serverSettings, .serverTooOld, .encoding, .missingTable, .unusableTable, .replicaIdentity, .publication,
            .topic, .connectionText:
            78
        case .refused: 77
        case .foreignSlot, .slotAhead, .slotLost, .publicationGap, .sourceBehind, .unreadableRows, .otherSystem, .log:
            65
        case .slotBusy: 75
        case .unreachable: 69
        case .protocolViolation: 70
        case .logUnavailable: 74
        case .stopped: 0
        }
    }
}
