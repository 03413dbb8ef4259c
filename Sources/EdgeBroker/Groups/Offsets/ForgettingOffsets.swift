import LogStore
import RecordFormat
import Synchronization

extension Broker {
    /// Takes back what groups have committed for a topic. Blocking; on the committing thread.
    ///
    /// - Throws: what the disk refused: some of it may be taken back then.
    func forgetOffsets(of topic: String) throws(BrokerError) {
        let records = committed.withTable { $0.tombstones(of: topic) }
        // As many as one commit may hold.
        for start in stride(from: 0, to: records.count, by: GroupCoordinator.mostOffsets) {
            let outcome = Mutex<Result<Void, GroupError>?>(nil)
            let some = Array(records[start...].prefix(GroupCoordinator.mostOffsets))
            let refusal = groups.append(some, nil) { result in outcome.withLock { $0 = result } }
            if let refusal { throw BrokerError(refusal, group: "") }
            directory.runCommitRound()
            guard let result = outcome.withLock({ $0 }) else {
                preconditionFailure("A commit round left an append without an answer")
            }
            if case .failure(let error) = result { throw BrokerError(error, group: "") }
        }
    }
}
