import Synchronization

/// What a log directory has done since it was opened.
package struct LogCounts: Sendable, Equatable {
    /// Appended, to synced and to buffered partitions.
    package var batches = 0
    package var bytes = 0
    /// That had something to write or to sync.
    package var rounds = 0
    /// Files synced by rounds.
    package var syncs = 0

    package init() {}
}

/// What one commit round did, for whoever measures.
package struct CommitRoundReport: Sendable, Equatable {
    package let batches: Int
    package let bytes: Int
    /// Files.
    package let syncs: Int
    /// All files together, which are synced side by side.
    package let syncDuration: Duration
    /// From the first write until everybody may be answered.
    package let duration: Duration
}

/// Counts without a lock: once for each round, and once for each batch that is written directly.
final class LogCounters: Sendable {
    private let batches = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let rounds = Atomic<Int>(0)
    private let syncs = Atomic<Int>(0)

    func noteWritten(_ bytes: Int) {
        batches.wrappingAdd(1, ordering: .relaxed)
        self.bytes.wrappingAdd(bytes, ordering: .relaxed)
    }

    func note(_ round: CommitRoundReport) {
        batches.wrappingAdd(round.batches, ordering: .relaxed)
        bytes.wrappingAdd(round.bytes, ordering: .relaxed)
        rounds.wrappingAdd(1, ordering: .relaxed)
        syncs.wrappingAdd(round.syncs, ordering: .relaxed)
    }

    var counted: LogCounts {
        var counts = LogCounts()
        counts.batches = batches.load(ordering: .relaxed)
        counts.bytes = bytes.load(ordering: .relaxed)
        counts.rounds = rounds.load(ordering: .relaxed)
        counts.syncs = syncs.load(ordering: .relaxed)
        return counts
    }
}
