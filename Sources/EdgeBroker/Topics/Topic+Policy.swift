import LogStore

extension Topic {
    /// What the log has to know of it.
    var policy: PartitionPolicy {
        var policy = PartitionPolicy()
        if case .clients(.buffered(let interval)) = writer { policy.durability = .buffered(syncEvery: interval) }
        policy.segmentBytes = keeping.segments.bytes
        policy.segmentAge = keeping.segments.age
        // What is being written is not compacted, so it must be closed in time for that.
        if keeping.cleanup.compacts, let lag = keeping.compaction.maximumLag {
            policy.segmentAge = min(policy.segmentAge, lag)
        }
        policy.indexBytes = keeping.segments.indexBytes
        // Capture may end the transaction that it began, and the broker must go on.
        if case .clients = writer {} else { policy.usesReserve = true }
        return policy
    }
}
