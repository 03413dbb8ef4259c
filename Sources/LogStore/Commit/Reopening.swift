import RecordFormat
import Synchronization

/// Failed partitions: closed at once, opened again when their files are as they were before the failure.
extension LogDirectory {
    /// Takes what failed out of the files: at once where no sync failed, later and into new files where one did.
    func close(_ failed: [Int: Failed], _ starts: [Int: LogPosition], _ state: inout CommitState) {
        for (slot, failure) in failed.sorted(by: { $0.key < $1.key }) where !state.retired.contains(slot) {
            fail(
                slot, failure.error, backTo: target(of: slot, failure, starts, state), copying: failure.isSync, &state)
        }
        if !failed.isEmpty { reopen(&state) }
    }

    /// Where the log goes on. A synced partition goes back to before the round, which nobody was told of; a buffered one keeps
    /// what its readers have seen, as far as it can still be read.
    private func target(
        of slot: Int, _ failure: Failed, _ starts: [Int: LogPosition], _ state: borrowing CommitState
    ) -> LogPosition {
        if state.buffered[slot] == nil { return starts[slot] ?? state.writers[slot].withLock { $0.synced } }
        return failure.isSync ? readableEnd(of: slot, state) : state.writers[slot].withLock { $0.written }
    }

    func fail(
        _ slot: Int, _ error: LogStoreError, backTo target: LogPosition, copying: Bool, _ state: inout CommitState
    ) {
        let now = clock.monotonic()
        state.failures[slot] = CommitState.Failure(
            error: error, target: target, copying: copying, retryAt: copying ? now + configuration.reopenDelay : now,
            delay: configuration.reopenDelay)
        state.writers[slot].withLock { $0.refusal = error }
        tell(.closed(state.writers[slot].withLock { $0.partition }, error))
    }

    func reopen(_ state: inout CommitState) {
        if state.failures.isEmpty { return }
        let now = clock.monotonic()
        for (slot, failure) in state.failures.sorted(by: { $0.key < $1.key }) where failure.retryAt <= now {
            do throws(DiskError) {
                try state.writers[slot].withLock { (writer) throws(DiskError) in
                    try writer.rewind(to: failure.target, copying: failure.copying)
                }
                state.failures[slot] = nil
                state.unmarked.insert(slot)
                if state.markDue == nil { state.markDue = now + configuration.markInterval }
                open(slot, failure, &state)
                tell(.opened(state.writers[slot].withLock { $0.partition }))
            } catch {
                // Room comes back without anybody telling: a full disk is looked at again soon.
                let longest = error.isNoSpace ? configuration.reopenDelay : configuration.longestReopenDelay
                state.failures[slot] = CommitState.Failure(
                    error: failure.error, target: failure.target, copying: failure.copying || error.isFailedSync,
                    retryAt: now + min(failure.delay, longest), delay: min(failure.delay * 2, longest))
            }
        }
    }

    private func open(_ slot: Int, _ failure: CommitState.Failure, _ state: inout CommitState) {
        let isHeld = !state.following.contains(slot)
        var epoch = state.writers[slot].withLock { $0.leaderEpoch }
        var isNew = false
        if state.buffered[slot] != nil, watermarks.lower(to: failure.target.nextOffset, of: slot) {
            // What readers have seen is gone: the next records at these offsets must not pass for the same ones.
            epoch += 1
            isNew = true
        }
        state.writers[slot].withLock { $0.leaderEpoch = epoch }
        // Before anybody can be shown a record of the new epoch, or a power cut might lead to the same one again.
        if isNew, stageMarks(&state) { settleMarks(&state, disk.sync([state.marks.dirtyFile]).first ?? nil) }
        let closed = isClosed ? Staging.closed : nil
        state.writers[slot].withLock { $0.refusal = closed }
        staging.withLock { staging in
            staging.ends[slot].next = failure.target.nextOffset
            staging.ends[slot].leaderEpoch = epoch
            // A partition with held visibility has lost a part of what its writer holds for appended: the writer must
            // first say where it goes on, with `cut`.
            staging.ends[slot].condition = isHeld ? .refusing(failure.error) : .open
        }
    }
}
