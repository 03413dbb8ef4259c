import Synchronization

/// Batches that take more records until the round begins that writes them.
///
/// A sender that is the first to come back after a round would otherwise close a batch of its own record, and all others wait for two
/// rounds: this one and their own.
struct OpenBatches: Sendable {
    private var stages: [@Sendable () -> Void] = []
    /// Who waits for one of them.
    private(set) var waiters = 0

    mutating func announce(_ stage: @escaping @Sendable () -> Void) {
        stages.append(stage)
        waiters += 1
    }

    mutating func join() { waiters += 1 }

    mutating func take() -> [@Sendable () -> Void] {
        defer { self = OpenBatches() }
        return stages
    }
}

extension LogDirectory {
    /// Announces a batch with one record, which takes more until the next round begins. The committing thread is called if it should begin now.
    ///
    /// - Parameter stage: called once, when the next round begins, on the committing thread: what it stages is in that round.
    /// - Throws: `.closed`; `stage` is not called then.
    package func announce(_ stage: @escaping @Sendable () -> Void) throws(LogStoreError) {
        let isQuorum = try staging.withLock { staging throws(LogStoreError) in
            if staging.isClosed { throw Staging.closed }
            staging.open.announce(stage)
            return staging.count >= staging.quorum
        }
        if isQuorum { tellStaged() }
    }

    /// One more record has come to a batch that was announced, and its sender waits for the round as well.
    package func joinAnnounced() {
        let isQuorum = staging.withLock { staging in
            staging.open.join()
            return staging.count >= staging.quorum
        }
        if isQuorum { tellStaged() }
    }

    /// Has every open batch staged, for the round that begins. With no lock held.
    func stageOpenBatches() {
        let stages = staging.withLock { staging in
            // Until the round takes what is staged, nobody need call whoever runs it.
            staging.quorum = .max
            return staging.open.take()
        }
        for stage in stages { stage() }
    }
}
