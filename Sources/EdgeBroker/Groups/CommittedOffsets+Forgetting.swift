import LogStore
import RecordFormat
import Synchronization

extension Broker {
    /// Takes back what groups have committed for a topic. Blocking; on the committing thread.
    ///
    /// - Throws: what the disk refused: some of it may be taken back then.
    func forgetOffsets(of topic: String) throws(BrokerError) {
        guard let partition = committed.partition else { return }
        var records: [OffsetCommitRecord] = []
        for group in committed.groups {
            for name in committed.offsets(of: group).keys where name.topic == topic {
                records.append(OffsetCommitRecord(group: group, partition: name, committed: nil))
            }
        }
        records.sort { ($0.group, $0.partition.partition) < ($1.group, $1.partition.partition) }
        // As many as one commit may hold.
        for start in stride(from: 0, to: records.count, by: 100_000) {
            let outcome = Mutex<Result<Void, BrokerError>?>(nil)
            try committed.stage(Array(records[start...].prefix(100_000)), in: partition) { result in
                outcome.withLock { $0 = result }
            }
            directory.runCommitRound()
            guard let result = outcome.withLock({ $0 }) else {
                preconditionFailure("A commit round left an append without an answer")
            }
            try result.get()
        }
    }
}
