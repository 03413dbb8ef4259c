/// Who has which partition of a group in the consumer protocol, as an observer between the broker and its members saw it.
struct PartitionLedger {
    private var holders: [Int32: Int] = [:]
    /// When a process was told to give something up that it has not been heard to have given up in time, at the latest.
    private var revokesSince: [Int: Duration] = [:]
    /// When each process was last heard of, as far as it knows.
    private var lastHeard: [Int: Duration] = [:]
    /// Since when a process may have been meant to hear something that the broker could not tell it.
    private var untoldSince: [Int: Duration] = [:]
    private(set) var grants = 0

    /// A request of a process reaches the broker. What it does not say that it has, it does not have.
    /// - Parameter owned: `nil`: it does not say.
    mutating func hear(_ process: Int, owning owned: Set<Int32>?) {
        guard let owned else { return }
        holders = holders.filter { $0.value != process || owned.contains($0.key) }
    }

    /// The broker has answered a request of `time`: from now on the process has these and no more.
    mutating func tell(
        _ process: Int, has assigned: Set<Int32>?, requestedAt time: Duration, now: Duration
    ) throws(Violation) {
        lastHeard[process] = max(lastHeard[process] ?? time, time)
        guard let assigned else { return }
        let since = min(untoldSince.removeValue(forKey: process) ?? time, time)
        let keepsAll = holders.allSatisfy { $0.value != process || assigned.contains($0.key) }
        revokesSince[process] = keepsAll ? nil : revokesSince[process] ?? since
        for partition in assigned {
            if let holder = holders[partition], holder != process, !isPutOut(holder, now) {
                throw Violation(
                    "partition \(partition) is given to consumer \(process), and consumer \(holder) still has it")
            }
            if holders[partition] != process { grants += 1 }
            holders[partition] = process
        }
    }

    /// The disk did not take what a request of `time` came to, or the process did not wait for it.
    mutating func couldNotTell(_ process: Int, requestedAt time: Duration) {
        untoldSince[process] = min(untoldSince[process] ?? time, time)
    }

    /// It was silent for a session, or did not give up in time; then all that it had is free.
    private func isPutOut(_ process: Int, _ now: Duration) -> Bool {
        let isSilent = lastHeard[process].map { now >= $0 + ConsumerWorld.session } ?? true
        let first = [revokesSince[process], untoldSince[process]].compactMap { $0 }.min()
        return isSilent || first.map { now >= $0 + ConsumerWorld.rebalanceTimeout } ?? false
    }
}
