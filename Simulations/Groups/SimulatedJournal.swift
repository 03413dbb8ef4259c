import EdgeBroker
import RecordFormat
import Synchronization

/// A log that syncs when it is told to, fails when it is told to, and keeps of a crash what it is told to.
final class SimulatedJournal: GroupJournal {
    private struct Entry {
        let records: [GroupRecord]
        let completion: @Sendable (Result<Offset, BrokerError>) -> Void
    }

    private struct State {
        /// What the next start finds.
        var log: [GroupRecord] = []
        var pending: [Entry] = []
        /// What a failed sync left, which the log goes back to before when it goes on.
        var limbo: [GroupRecord] = []
        var isRefusing = false
    }

    private let state = Mutex(State())

    static let failure = BrokerError(.storage, "The simulated disk failed.", remedy: "None.")

    func append(
        _ records: [GroupRecord], producer: ProducerIdentity?,
        completion: @escaping @Sendable (Result<Offset, BrokerError>) -> Void
    ) throws(BrokerError) {
        let isTaken = state.withLock { state in
            if state.isRefusing { return false }
            state.pending.append(Entry(records: records, completion: completion))
            return true
        }
        if !isTaken { throw Self.failure }
    }

    var hasPending: Bool { state.withLock { !$0.pending.isEmpty } }

    func setRefusing(_ isRefusing: Bool) { state.withLock { $0.isRefusing = isRefusing } }

    /// The oldest append is synced.
    func syncNext() {
        let done = state.withLock { state -> (Entry, Offset)? in
            if state.pending.isEmpty { return nil }
            let entry = state.pending.removeFirst()
            state.limbo = []
            defer { state.log += entry.records }
            return (entry, Offset(Int64(state.log.count)))
        }
        if let (entry, offset) = done { entry.completion(.success(offset)) }
    }

    /// A failed sync: nobody knows of which appends the disk has the records; here it has the first `kept`, until the log goes on.
    func fail(keeping kept: Int) {
        let failed = state.withLock { state in
            let failed = state.pending
            state.pending = []
            for entry in failed.prefix(kept) { state.limbo += entry.records }
            return failed
        }
        for entry in failed { entry.completion(.failure(Self.failure)) }
    }

    /// Ends the process: of what was not synced, the first `kept` are found all the same. Nobody hears of them.
    /// - Returns: what the next start finds.
    func crash(keeping kept: Int) -> [GroupRecord] {
        state.withLock { state in
            if state.limbo.isEmpty {
                for entry in state.pending.prefix(kept) { state.log += entry.records }
            }
            state.log += state.limbo
            state.limbo = []
            state.pending = []
            state.isRefusing = false
            return state.log
        }
    }

    var pendingCount: Int { state.withLock { $0.pending.count } }
}
