import LogStore
import RecordFormat
import Synchronization

/// What keeps an open log within its bounds: retention by age and size, the disk budget, the transaction indexes.
///
/// One pass after the other, by one thread. What to do is decided by ``RetentionPlan`` and ``DiskBudgetPlan``; what changes the log is
/// done on the committing thread.
final class Maintenance: Sendable {
    struct State {
        var budget: DiskBudget?
        /// The budget is a share of the disk: what others give back of it is ours in the same proportion.
        var isShare = false
        var isFull = false
        /// What was already said of flows that found records gone.
        var knownGaps: Set<String> = []
    }

    /// Of an index, for each flow in one pass.
    static let foldBytes = 4 << 20

    let state: Mutex<State>
    let compaction = Mutex(CompactionTurns())
    /// Held for a pass: there is never more than one.
    let passing = Mutex(())

    /// Appended since the last pass, by clients.
    private let appended = Atomic<Int>(0)

    init(_ budget: DiskBudget?) { state = Mutex(State(budget: budget)) }

    /// - Returns: whether so much was appended that there may be something to do before the second is over.
    func note(appended bytes: Int, segmentBytes: Int) -> Bool {
        let (before, after) = appended.add(bytes, ordering: .relaxed)
        return before < segmentBytes && after >= segmentBytes
    }

    func beginPass() { appended.store(0, ordering: .relaxed) }
}

extension Broker {
    /// One pass: learns what flows have had, deletes what retention asks for, and makes room. Blocking.
    ///
    /// With a committing thread, any other thread may call it; without one, whoever runs the commit rounds. What fails is told and
    /// put off until the next pass.
    @discardableResult
    package func maintain() -> [MaintenanceEvent] {
        let events = maintenance.passing.withLock { _ in pass() }
        for case .gap(let gap) in events { reporter?.count(gap) }
        return events
    }

    private func pass() -> [MaintenanceEvent] {
        maintenance.beginPass()
        var events: [MaintenanceEvent] = []
        for source in openSources {
            attempt("Cannot read \(source.index.topicPartition)", &events) { () throws(BrokerError) in
                try source.foldFlows(limit: Maintenance.foldBytes)
            }
        }
        sweep(&events)
        checkBudget(&events)
        attempt("Cannot remove what is left of deleted topics", &events) { () throws(BrokerError) in
            do throws(LogStoreError) { _ = try directory.removeDeletedFiles() } catch { throw BrokerError(error) }
        }
        return events
    }

    func attempt(
        _ what: String, _ events: inout [MaintenanceEvent], _ body: () throws(BrokerError) -> Void
    ) {
        do throws(BrokerError) {
            try body()
        } catch {
            // Whoever closes the broker ends the pass with it.
            if error.code != .closed { events.append(.failed(what, error)) }
        }
    }

    /// Makes records below `start` go: on return the new log start is durable. Blocking.
    func delete(_ partition: Partition, below start: Offset, rollsActive: Bool) throws(BrokerError) {
        let directory = directory
        try blockingWork.now { () throws(BrokerError) in
            do throws(LogStoreError) {
                if rollsActive { try directory.roll(partition) }
                try directory.deleteRecords(of: partition, below: start)
            } catch {
                throw BrokerError(error)
            }
        }
    }
}
