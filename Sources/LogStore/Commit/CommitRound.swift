import RecordFormat
import Synchronization

/// One commit round: everything that was staged is written, synced side by side, made visible in one step, and
/// completed.
extension LogDirectory {
    /// Why a partition of the round failed.
    struct Failed {
        var error: LogStoreError
        var isSync: Bool
    }

    /// Runs one round, or finds nothing to do. Blocking: only the committing thread calls it, or a test.
    /// - Returns: when there will be something to do even if nothing is staged: a mark to write, a partition to open
    /// again.
    @discardableResult
    package func runCommitRound() -> Duration? {
        var done: [@Sendable () -> Void] = []
        let due = committing.withLock { state -> Duration? in
            reopen(&state)
            let appends = staging.withLock { $0.take() }
            let marking = isMarkDue(state)
            if !appends.isEmpty || marking { commit(appends, marking: marking, &state, &done) }
            return nextDeadline(state)
        }
        // Outside the lock: a completion may stage the next append, and whoever waits for it may do anything.
        for call in done { call() }
        return due
    }

    private func commit(
        _ appends: [Staging.Staged], marking: Bool, _ state: inout CommitState, _ done: inout [@Sendable () -> Void]
    ) {
        var order: [Int] = []
        var batches: [Int: [Staging.Staged.Batch]] = [:]
        for append in appends {
            for batch in append.batches {
                if batches[batch.slot] == nil { order.append(batch.slot) }
                batches[batch.slot, default: []].append(batch)
            }
        }
        let starts = Dictionary(uniqueKeysWithValues: order.map { ($0, state.writers[$0].synced) })
        // The marks of this round say what was synced before it, so that they never promise what this round may lose.
        let marked = marking ? stageMarks(&state) : false
        var failed: [Int: Failed] = [:]
        let now = clock.wall()
        for slot in order {
            do throws(DiskError) {
                try state.writers[slot].append(batches[slot] ?? [], at: now)
            } catch {
                failed[slot] = failure(error, of: state.writers[slot].partition)
            }
        }
        if PlantedBug.acknowledgeBeforeSync.isActive { complete(appends, failed: [:], &done) }
        if PlantedBug.earlyHighWatermark.isActive { publish(appends, failed: [:], order, state, early: true) }

        let dirty = order.filter { failed[$0] == nil && state.writers[$0].dirtyFile != nil }
        var files = dirty.compactMap { state.writers[$0].dirtyFile }
        if marked { files.append(state.marks.dirtyFile) }
        let results = disk.sync(files)
        for (slot, result) in zip(dirty, results) {
            if let error = result { failed[slot] = failure(error, of: state.writers[slot].partition) }
        }
        if marked { settleMarks(&state, results.last ?? nil) }

        let late = PlantedBug.lateWaiterReleased.isActive ? staging.withLock { $0.take() } : []
        refuse(&failed, appends, &done)
        for slot in order where failed[slot] == nil {
            state.writers[slot].settle()
            state.unmarked.insert(slot)
        }
        if state.markDue == nil, !state.unmarked.isEmpty {
            state.markDue = clock.monotonic() + configuration.markInterval
        }
        publish(appends, failed: failed, order, state, early: false)
        if !PlantedBug.acknowledgeBeforeSync.isActive { complete(appends, failed: failed, &done) }
        complete(late, failed: [:], &done)
        close(failed, starts, &state)
    }

    private func failure(_ error: DiskError, of partition: Partition) -> Failed {
        Failed(error: LogStoreError("Cannot append to \(partition.topicPartition)", error), isSync: error.isFailedSync)
    }

    // MARK: The outcome

    /// A failed partition fails every append that names it, and these fail their other partitions: an append is whole
    /// or absent.
    func refuse(
        _ failed: inout [Int: Failed], _ appends: [Staging.Staged], _ done: inout [@Sendable () -> Void]
    ) {
        if failed.isEmpty { return }
        var grew = true
        while grew {
            grew = false
            for append in appends {
                guard let cause = append.slots.compactMap({ failed[$0] }).first else { continue }
                for slot in append.slots where failed[slot] == nil {
                    failed[slot] = Failed(error: cause.error, isSync: false)
                    grew = true
                }
            }
            // What was staged meanwhile can tie further partitions to the failed ones, and these other appends of the
            // round.
            var errors = failed.mapValues(\.error)
            let refused = staging.withLock { $0.refuse(&errors) }
            for (append, error) in refused { done.append { append.completion(.failure(error)) } }
            for (slot, error) in errors where failed[slot] == nil {
                failed[slot] = Failed(error: error, isSync: false)
                grew = true
            }
        }
    }

    private func publish(
        _ appends: [Staging.Staged], failed: [Int: Failed], _ order: [Int], _ state: borrowing CommitState, early: Bool
    ) {
        var moves: [(slot: Int, offset: Offset)] = []
        for slot in order where failed[slot] == nil && state.following.contains(slot) {
            let end = early ? state.writers[slot].written : state.writers[slot].synced
            moves.append((slot, end.nextOffset))
        }
        for append in appends where !append.publications.isEmpty && append.slots.allSatisfy({ failed[$0] == nil }) {
            moves += append.publications.map { ($0.slot, $0.highWatermark) }
        }
        watermarks.publish(moves)
    }

    private func complete(_ appends: [Staging.Staged], failed: [Int: Failed], _ done: inout [@Sendable () -> Void]) {
        for append in appends {
            if let failure = append.slots.compactMap({ failed[$0] }).first {
                done.append { append.completion(.failure(failure.error)) }
            } else {
                let ranges = append.ranges
                done.append { append.completion(.success(ranges)) }
            }
        }
    }

    // MARK: Failed partitions

    /// Takes what failed out of the files: at once where no sync failed, later and into a new file where one did.
    private func close(_ failed: [Int: Failed], _ starts: [Int: LogPosition], _ state: inout CommitState) {
        for (slot, failure) in failed.sorted(by: { $0.key < $1.key }) {
            fail(
                slot, failure.error, backTo: starts[slot] ?? state.writers[slot].synced, copying: failure.isSync, &state
            )
        }
        if !failed.isEmpty { reopen(&state) }
    }

    func fail(
        _ slot: Int, _ error: LogStoreError, backTo target: LogPosition, copying: Bool, _ state: inout CommitState
    ) {
        let now = clock.monotonic()
        state.failures[slot] = CommitState.Failure(
            error: error, target: target, copying: copying, retryAt: copying ? now + configuration.reopenDelay : now,
            delay: configuration.reopenDelay)
        tell(.closed(state.writers[slot].partition, error))
    }

    func reopen(_ state: inout CommitState) {
        if state.failures.isEmpty { return }
        let now = clock.monotonic()
        for (slot, failure) in state.failures.sorted(by: { $0.key < $1.key }) where failure.retryAt <= now {
            do throws(DiskError) {
                try state.writers[slot].rewind(to: failure.target, copying: failure.copying)
                state.failures[slot] = nil
                state.unmarked.insert(slot)
                if state.markDue == nil { state.markDue = now + configuration.markInterval }
                open(slot, at: failure.target, held: !state.following.contains(slot), failure.error)
                tell(.opened(state.writers[slot].partition))
            } catch {
                let delay = min(failure.delay * 2, configuration.longestReopenDelay)
                state.failures[slot] = CommitState.Failure(
                    error: failure.error, target: failure.target, copying: failure.copying || error.isFailedSync,
                    retryAt: now + failure.delay, delay: delay)
            }
        }
    }

    private func open(_ slot: Int, at position: LogPosition, held: Bool, _ error: LogStoreError) {
        staging.withLock { staging in
            staging.ends[slot].next = position.nextOffset
            // A partition with held visibility has lost a part of what its writer holds for appended: the writer must
            // first say where it goes on, with `cut`.
            staging.ends[slot].condition = held ? .refusing(error) : .open
        }
    }
}
