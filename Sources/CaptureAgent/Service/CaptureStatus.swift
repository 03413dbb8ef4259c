package import RecordFormat
import Synchronization

/// How capture is doing, for a figure line or a status page.
package struct CaptureStatus: Sendable, Equatable {
    package enum Phase: Sendable, Equatable {
        case connecting
        case snapshot
        case streaming
        /// Until it is tried again: why.
        case waiting(String)
        case stopped
    }

    package internal(set) var phase = Phase.connecting
    /// Records of snapshots that are synced.
    package internal(set) var snapshotRows = 0
    /// Records of transactions that are synced and visible.
    package internal(set) var changes = 0
    package internal(set) var transactions = 0
    /// The commit time of the last of them, microseconds since 1970.
    package internal(set) var lastCommitTime: Int64?
    /// What was last told to the source, or would be.
    package internal(set) var confirmed: LSN?

    package init() {}
}

/// The status of one capture, written by its thread and the committer's, read by anybody.
final class CaptureCounters: Sendable {
    private let state = Mutex(CaptureStatus())

    var status: CaptureStatus { state.withLock { $0 } }

    func update(_ change: (inout CaptureStatus) -> Void) { state.withLock { change(&$0) } }
}
