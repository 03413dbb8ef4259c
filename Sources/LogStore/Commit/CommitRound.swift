package import RecordFormat
import Synchronization

/// One commit round: everything that was staged is written, synced side by side, made visible in one step, and
/// completed.
extension LogDirectory {
    private struct Failed {
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
    private func refuse(
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

    private func fail(
        _ slot: Int, _ error: LogStoreError, backTo target: LogPosition, copying: Bool, _ state: inout CommitState
    ) {
        let now = clock.monotonic()
        state.failures[slot] = CommitState.Failure(
            error: error, target: target, copying: copying, retryAt: copying ? now + configuration.reopenDelay : now,
            delay: configuration.reopenDelay)
        tell(.closed(state.writers[slot].partition, error))
    }

    private func reopen(_ state: inout CommitState) {
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

    // MARK: Marks

    private func isMarkDue(_ state: borrowing CommitState) -> Bool {
        guard let due = state.nextMark else { return false }
        return due <= clock.monotonic()
    }

    /// Writes the marks of everything that is synced further than its mark.
    /// - Returns: whether the marks' file must be synced now.
    private func stageMarks(_ state: inout CommitState) -> Bool {
        state.markDue = nil
        do throws(DiskError) {
            if state.marksNeedRewrite { try state.marks.rewrite() }
            state.marksNeedRewrite = false
            // A failed partition will go back to before its last round, however much of that a roll had synced: it gets
            // its mark when it is open again, or the mark would stand above its end.
            let slots = state.unmarked.filter { state.failures[$0] == nil }
            for slot in slots.sorted() {
                try state.marks.stage(state.writers[slot].mark(at: state.writers[slot].synced))
            }
            state.unmarked.subtract(slots)
            return true
        } catch {
            return postponeMarks(&state, error)
        }
    }

    private func settleMarks(_ state: inout CommitState, _ error: DiskError?) {
        if let error { _ = postponeMarks(&state, error) } else { state.marks.settle() }
    }

    /// A mark is only ever behind, never wrong: without it recovery reads more. So appends go on, and it is tried
    /// again.
    private func postponeMarks(_ state: inout CommitState, _ error: DiskError) -> Bool {
        tell(.marksPostponed(error))
        state.marksNeedRewrite = true
        state.unmarked.formUnion(state.writers.indices.filter { !state.retired.contains($0) })
        state.markDue = clock.monotonic() + configuration.reopenDelay
        return false
    }

    private func nextDeadline(_ state: borrowing CommitState) -> Duration? {
        let reopening = state.failures.values.map(\.retryAt).min()
        return [reopening, state.nextMark].compactMap { $0 }.min()
    }

    /// Writes and syncs all marks and indexes, at a clean stop.
    func markEverything() {
        committing.withLock { state in
            if stageMarks(&state) {
                let result = disk.sync([state.marks.dirtyFile])
                settleMarks(&state, result.first ?? nil)
            }
            for slot in state.writers.indices where state.failures[slot] == nil && !state.retired.contains(slot) {
                // Indexes are caches: one that cannot be written is rebuilt by its next reader.
                try? state.writers[slot].writeIndex()
            }
        }
    }

    // MARK: Cutting

    /// Cuts a partition with held visibility back to `offset`, which must lie between two batches, and opens it for
    /// appends if a failure had closed it. What was staged for it is refused. Blocking; on the committing thread.
    ///
    /// - Throws: why it cannot be opened yet; `.corrupt` if `offset` is inside a batch or behind damage.
    package func cut(_ partition: Partition, to offset: Offset) throws(LogStoreError) {
        let slot = partition.slot
        var done: [@Sendable () -> Void] = []
        defer { for call in done { call() } }
        try committing.withLock { state throws(LogStoreError) in
            reopen(&state)
            if let failure = state.failures[slot] { throw failure.error }
            let superseded = LogStoreError(
                .closed, "\(partition.topicPartition) was cut back to \(offset).", remedy: "Append again from there.")
            var failed = [slot: Failed(error: superseded, isSync: false)]
            refuse(&failed, [], &done)
            if state.writers[slot].synced.nextOffset != offset {
                let mark = state.marks.mark(topicID: partition.topicID, partition: partition.topicPartition.partition)
                let position = try locate(offset, in: partition, mark)
                do throws(DiskError) {
                    try lowerMark(of: slot, to: position, &state)
                } catch {
                    throw LogStoreError("Cannot cut \(partition.topicPartition) back to \(offset)", error)
                }
                do throws(DiskError) {
                    try state.writers[slot].rewind(to: position, copying: false)
                } catch {
                    let failure = LogStoreError("Cannot cut \(partition.topicPartition) back to \(offset)", error)
                    // Half way: nobody may use it before the cut is done.
                    fail(slot, failure, backTo: position, copying: error.isFailedSync, &state)
                    throw failure
                }
            }
            staging.withLock { staging in
                staging.ends[slot].next = offset
                staging.ends[slot].condition = .open
            }
        }
    }

    /// A mark above the end of the log would make the next recovery report damage.
    private func lowerMark(of slot: Int, to position: LogPosition, _ state: inout CommitState) throws(DiskError) {
        do throws(DiskError) {
            if state.marksNeedRewrite { try state.marks.rewrite() }
            state.marksNeedRewrite = false
            // Both generations: the older one would count again if the newer one rotted, and it stands higher.
            for _ in 0..<2 {
                try state.marks.stage(state.writers[slot].mark(at: position))
                try state.marks.sync()
            }
            state.unmarked.remove(slot)
        } catch {
            _ = postponeMarks(&state, error)
            throw error
        }
    }

    /// - Parameter mark: where the walk may begin, so that damage before it does not matter.
    private func locate(
        _ offset: Offset, in partition: Partition, _ mark: SyncedEnd?
    ) throws(LogStoreError) -> LogPosition {
        let found = partition.segments.withLock { segments in segments.last { $0.base <= offset } }
        guard let segment = found else {
            throw LogStoreError(
                .offsetOutOfRange, "\(partition.topicPartition) cannot be cut to \(offset): it begins later.",
                remedy: "Run `edgebroker log verify`.")
        }
        do throws(DiskError) {
            let file: any DiskFile
            if let active = segment.file { file = active } else { file = try disk.open(segment.path, .read) }
            var scanner = BatchScanner(file, from: 0, to: segment.size, expecting: segment.base)
            if let mark, mark.segmentBase == segment.base, mark.syncedOffset <= offset {
                scanner = BatchScanner(
                    file, from: Int(mark.syncedLength), to: segment.size, expecting: mark.syncedOffset,
                    checksum: mark.logChecksum)
            }
            while scanner.expected < offset, case .good = try scanner.next() {}
            if scanner.expected == offset {
                return LogPosition(
                    segmentBase: segment.base, size: scanner.position, checksum: scanner.checksum, nextOffset: offset)
            }
        } catch {
            throw LogStoreError("Cannot read \(partition.topicPartition)", error)
        }
        throw LogStoreError(
            .corrupt, "\(partition.topicPartition) has no batch boundary at offset \(offset) in \(segment.path).",
            remedy: "Run `edgebroker log verify` to see what is damaged.")
    }
}
