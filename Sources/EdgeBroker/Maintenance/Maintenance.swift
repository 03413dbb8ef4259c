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
        var isFull = false
        /// When retention was last looked at.
        var sweptAt: Duration?
        /// What was already said of flows that found records gone.
        var knownGaps: Set<String> = []
    }

    /// Between two looks at retention. It deletes whole segments, so more often would win nothing.
    static let sweepInterval = Duration.seconds(10)
    /// Of an index, for each flow in one pass.
    static let foldBytes = 4 << 20

    let state: Mutex<State>
    /// Held for a pass: there is never more than one.
    let passing = Mutex(())

    init(_ budget: DiskBudget?) { state = Mutex(State(budget: budget)) }
}

extension Broker {
    /// One pass: learns what flows have had, makes room, and every ten seconds deletes what retention asks for. Blocking.
    ///
    /// With a committing thread, any other thread may call it; without one, whoever runs the commit rounds. What fails is told and
    /// put off until the next pass.
    @discardableResult
    package func maintain() -> [MaintenanceEvent] { maintenance.passing.withLock { _ in pass() } }

    private func pass() -> [MaintenanceEvent] {
        var events: [MaintenanceEvent] = []
        for source in openSources {
            attempt("Cannot read \(source.index.topicPartition)", &events) { () throws(BrokerError) in
                try source.foldFlows(limit: Maintenance.foldBytes)
            }
        }
        let now = clock.monotonic()
        let isDue = maintenance.state.withLock { state in
            if let sweptAt = state.sweptAt, now - sweptAt < Maintenance.sweepInterval { return false }
            state.sweptAt = now
            return true
        }
        if isDue { sweep(&events) }
        checkBudget(&events)
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
