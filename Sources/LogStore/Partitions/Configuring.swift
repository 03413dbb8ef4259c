import RecordFormat
import Synchronization

extension LogDirectory {
    /// Says how a partition is kept, from now on. Blocking while a commit round runs.
    ///
    /// The durability counts only before the first append since the log was opened: offsets are given out in one place for a
    /// synced partition and in another for a buffered one. A later change takes effect with the next opening.
    package func configure(_ partition: Partition, _ policy: PartitionPolicy) {
        let slot = partition.slot
        committing.withLock { state in
            let writer = state.writers[slot]
            let isUntouched = staging.withLock { staging in
                staging.ends[slot].usesReserve = policy.usesReserve
                return staging.ends[slot].isUntouched && state.failures[slot] == nil
            }
            let durability = writer.withLock { writer in
                let former = writer.policy.durability
                writer.policy = policy
                let isDirect = partition.directWriter.withLock { $0 != nil }
                // Another interval is no other durability.
                let isSameKind = (former == .synced) == (policy.durability == .synced)
                if !isSameKind, !isUntouched || isDirect { writer.policy.durability = former }
                return writer.policy.durability
            }
            guard case .buffered(let interval) = durability else { return }
            state.buffered[slot] = interval
            partition.directWriter.withLock { $0 = writer }
        }
    }
}
