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

    /// Appends whose outcome is known.
    struct Done {
        let appends: [StagedAppend]
        /// Why they failed, by slot: one of these is theirs, or they succeeded.
        let failures: [Int: LogStoreError]

        func callAsFunction() {
            for index in appends.indices {
                appends[index].complete(
                    failures.isEmpty ? nil : appends[index].slots.compactMap { failures[$0] }.first)
            }
        }
    }

    /// Runs one round, or finds nothing to do. Blocking: only the committing thread calls it, or a test.
    /// - Returns: when there will be something to do even if nothing is staged: a mark to write, a buffered partition to
    /// sync, a partition to open again.
    @discardableResult
    package func runCommitRound() -> Duration? { runCommitRound(flushingAll: false) }

    /// - Parameter flushingAll: syncs buffered partitions before their time.
    @discardableResult
    func runCommitRound(flushingAll: Bool) -> Duration? {
        var round = Gathering.Round()
        return runCommitRound(flushingAll: flushingAll, noting: &round)
    }

    func runCommitRound(flushingAll: Bool, noting round: inout Gathering.Round) -> Duration? {
        var done: [Done] = []
        var answers: [ProducerBatch.Answer] = []
        stageOpenBatches()
        let due = committing.withLock { state -> Duration? in
            reopen(&state)
            admitWaiting(&state, &answers)
            let staged = staging.withLock { $0.take() }
            var failed = takeDirectFailures()
            let flushes = dueFlushes(state, all: flushingAll, &failed)
            let marking = isMarkDue(state)
            if !staged.isEmpty || marking || !flushes.isEmpty || !failed.isEmpty {
                round.sync = commit(staged, flushes, failed, marking: marking, &state, &done)
            }
            return nextDeadline(state)
        }
        round.completed = done.reduce(0) { $0 + $1.appends.reduce(0) { $0 + $1.waiters } }
        round.staged = waitingCount
        // Outside the lock: a completion may stage the next append, and whoever waits for it may do anything.
        for call in done { call() }
        for answer in answers { answer() }
        return due
    }

    /// How many wait for the next round.
    package var waitingCount: Int { staging.withLock { $0.count } }

    private func takeDirectFailures() -> [Int: Failed] {
        directFailures.withLock { failures in
            defer { failures = [:] }
            return failures.mapValues { Failed(error: $0, isSync: $0.cause?.isFailedSync ?? false) }
        }
    }

    /// - Returns: for how long the disk was waited for.
    private func commit(
        _ staged: StagedRound, _ flushes: [Flush], _ failures: [Int: Failed], marking: Bool,
        _ state: inout CommitState, _ done: inout [Done]
    ) -> Duration {
        let begun = clock.monotonic()
        let appends = staged.appends
        let order = staged.partitions.map(\.slot)
        var starts: [Int: LogPosition] = [:]
        for slot in order { starts[slot] = state.writers[slot].withLock { $0.synced } }
        // The marks of this round say what was synced before it, so that they never promise what this round may lose.
        let marked = marking ? stageMarks(&state) : false
        var failed = failures
        let now = clock.wall()
        for (slot, batches) in staged.partitions where failed[slot] == nil {
            let writer = state.writers[slot]
            do throws(DiskError) {
                try append(batches, with: writer, from: starts[slot], at: now)
            } catch {
                failed[slot] = failure(error, of: writer.withLock { $0.partition })
            }
        }
        if PlantedBug.acknowledgeBeforeSync.isActive { complete(appends, failed: [:], &done) }
        if PlantedBug.earlyHighWatermark.isActive { publish(appends, failed: [:], order, state, early: true) }

        let syncBegun = clock.monotonic()
        let syncs = syncAll(order, flushes, marked: marked, &state, &failed)
        let syncDuration = clock.monotonic() - syncBegun

        let late = PlantedBug.lateWaiterReleased.isActive ? staging.withLock { $0.take() }.appends : []
        refuse(&failed, appends, &done)
        for slot in order where failed[slot] == nil {
            state.writers[slot].withLock { $0.settle() }
            state.unmarked.insert(slot)
        }
        for flush in flushes where failed[flush.slot] == nil {
            do throws(DiskError) {
                try settle(flush, &state)
            } catch {
                failed[flush.slot] = failure(error, of: state.writers[flush.slot].withLock { $0.partition })
            }
        }
        if state.markDue == nil, !state.unmarked.isEmpty {
            state.markDue = clock.monotonic() + configuration.markInterval
        }
        publish(appends, failed: failed, order, state, early: false)
        if !PlantedBug.acknowledgeBeforeSync.isActive { complete(appends, failed: failed, &done) }
        complete(late, failed: [:], &done)
        close(failed, starts, &state)
        tell(
            CommitRoundReport(
                batches: staged.partitions.reduce(0) { $0 + $1.batches.count },
                bytes: staged.partitions.reduce(0) { $0 + $1.batches.byteCount },
                syncs: syncs, syncDuration: syncDuration, duration: clock.monotonic() - begun))
        // Telling that there was nothing to sync takes a moment too.
        return syncs > 0 ? syncDuration : .zero
    }

    /// Writes a partition's part of the round. Where the disk is full, once more with the reserve given back.
    private func append(
        _ batches: StagedBatches, with writer: SharedWriter, from start: LogPosition?, at now: Timestamp
    ) throws(DiskError) {
        do throws(DiskError) {
            try writer.withLock { (writer) throws(DiskError) in try writer.append(batches, at: now) }
        } catch {
            guard error.isNoSpace, !error.isFailedSync, let start, reserve.release() else { throw error }
            tell(.reserveReleased)
            try writer.withLock { (writer) throws(DiskError) in
                try writer.rewind(to: start, copying: false)
                try writer.append(batches, at: now)
            }
        }
    }

    /// One sync for the whole round: the files that were appended to, the buffered ones that are due, and the marks.
    /// - Returns: how many files.
    private func syncAll(
        _ order: [Int], _ flushes: [Flush], marked: Bool, _ state: inout CommitState, _ failed: inout [Int: Failed]
    ) -> Int {
        var files: [any DiskFile] = []
        var owners: [Int] = []
        for slot in order where failed[slot] == nil {
            guard let file = state.writers[slot].withLock({ $0.dirtyFile }) else { continue }
            files.append(file)
            owners.append(slot)
        }
        for flush in flushes where failed[flush.slot] == nil {
            files += flush.files
            owners += flush.files.map { _ in flush.slot }
        }
        if marked { files.append(state.marks.dirtyFile) }
        let results = disk.sync(files)
        for (slot, result) in zip(owners, results) {
            if PlantedBug.failedSyncRetried.isActive, result != nil, retried(files, owners, slot) { continue }
            if let error = result { failed[slot] = failure(error, of: state.writers[slot].withLock { $0.partition }) }
        }
        if marked { settleMarks(&state, results.last ?? nil) }
        return files.count
    }

    private func retried(_ files: [any DiskFile], _ owners: [Int], _ slot: Int) -> Bool {
        zip(owners, files).filter { $0.0 == slot }.allSatisfy { (try? $0.1.sync()) != nil }
    }

    func failure(_ error: DiskError, of partition: Partition) -> Failed {
        Failed(error: LogStoreError("Cannot append to \(partition.topicPartition)", error), isSync: error.isFailedSync)
    }

    // MARK: The outcome

    /// A failed partition fails every append that names it, and these fail their other partitions: an append is whole
    /// or absent.
    func refuse(
        _ failed: inout [Int: Failed], _ appends: [StagedAppend], _ done: inout [Done]
    ) {
        if failed.isEmpty || PlantedBug.partialAppendKept.isActive { return }
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
            if !refused.isEmpty { done.append(Done(appends: refused, failures: errors)) }
            for (slot, error) in errors where failed[slot] == nil {
                failed[slot] = Failed(error: error, isSync: false)
                grew = true
            }
        }
    }

    private func publish(
        _ appends: [StagedAppend], failed: [Int: Failed], _ order: [Int], _ state: borrowing CommitState, early: Bool
    ) {
        var moves: [(slot: Int, offset: Offset)] = []
        var opens: [(slot: Int, start: Offset?)] = []
        for slot in order where failed[slot] == nil && state.following.contains(slot) {
            let (end, isKnown, start) = state.writers[slot].withLock { writer in
                (early ? writer.written : writer.synced, writer.producers != nil, writer.producers?.oldestOpenStart)
            }
            moves.append((slot, end.nextOffset))
            if isKnown { opens.append((slot, PlantedProducerBug.stableOffsetAboveOpen.isActive ? nil : start)) }
        }
        for append in appends where !append.publications.isEmpty && append.slots.allSatisfy({ failed[$0] == nil }) {
            moves += append.publications.map { ($0.slot, $0.highWatermark) }
        }
        watermarks.publish(moves, opens: opens)
    }

    private func complete(_ appends: [StagedAppend], failed: [Int: Failed], _ done: inout [Done]) {
        if !appends.isEmpty { done.append(Done(appends: appends, failures: failed.mapValues(\.error))) }
    }
}
