package import RecordFormat
import Synchronization

/// An open folder of partitions: the only owner of its files.
///
/// Appends are staged from any thread and never touch the disk; ``runCommitRound()`` writes and syncs what was staged,
/// makes it visible and completes it. In the product one ``Committer`` thread does that; a simulation calls it itself,
/// and then the whole log is deterministic.
package final class LogDirectory: Sendable {
    package let configuration: LogDirectoryConfiguration
    package let identity: Identifier
    /// What opening found.
    package let recovery: RecoveryReport
    let disk: any Disk
    let clock: LogClock
    let staging: Mutex<Staging>
    let watermarks = HighWatermarks()
    let committing: Mutex<CommitState>
    /// What writing to a buffered partition failed with, until the committer has seen it.
    let directFailures = Mutex<[Int: LogStoreError]>([:])
    let reserve: SpaceReserve
    let openSegments = OpenSegments()
    let readBuffers = ReadBuffers()
    let byName = Mutex<[TopicPartition: Partition]>([:])
    /// Folders of deleted partitions whose files are still there.
    let deleted: Mutex<[DeletedFolder]>
    private let lock: any DiskLock
    /// Whom to call. In a struct, because a `Mutex` of a bare closure wraps it once more with every read: the calls become slower
    /// and slower, and after some ten thousand the stack ends.
    private struct Listeners {
        /// After something was staged; set by the thread that commits.
        var staged: @Sendable () -> Void = {}
        var event: @Sendable (LogEvent) -> Void = { _ in }
        var round: @Sendable (CommitRoundReport) -> Void = { _ in }
    }
    private let listeners = Mutex(Listeners())
    let counters = LogCounters()

    init(
        _ configuration: LogDirectoryConfiguration, disk: any Disk, clock: LogClock, opened: consuming OpenedFolder,
        reserve: SpaceReserve
    ) {
        self.configuration = configuration
        self.disk = disk
        self.clock = clock
        identity = opened.identity
        recovery = opened.report
        lock = opened.lock
        self.reserve = reserve
        deleted = Mutex(opened.deleted)
        staging = Mutex(Staging(producerExpiry: configuration.producerExpiry, now: clock.wall))
        committing = Mutex(CommitState(marks: opened.marks))
        for recovered in opened.partitions { add(recovered) }
    }

    func add(_ recovered: RecoveredPartition) {
        let outcome = recovered.outcome
        committing.withLock { state in
            let slot = state.writers.count
            let partition = Partition(
                recovered.name, topicID: recovered.topicID, slot: slot, path: recovered.path,
                segments: outcome.segments, logStart: outcome.logStart)
            state.writers.append(
                SharedWriter(
                    PartitionWriter(
                        partition, disk: disk, file: outcome.file, at: outcome.position,
                        lastAppendTime: outcome.lastAppendTime, smallestAppendTime: outcome.firstAppendTime,
                        leaderEpoch: outcome.leaderEpoch,
                        segmentBytes: configuration.segmentBytes, producerExpiry: configuration.producerExpiry)))
            // One mark for what recovery found, within the interval.
            if !recovered.isMarked { state.unmarked.insert(slot) }
            state.markDue = state.unmarked.isEmpty ? nil : clock.monotonic() + configuration.markInterval
            staging.withLock {
                $0.ends.append(Staging.End(next: outcome.position.nextOffset, leaderEpoch: outcome.leaderEpoch))
            }
            watermarks.add(partition.logStart, isEmpty: outcome.position.nextOffset == .zero)
            if let former = byName.withLock({ $0.updateValue(partition, forKey: recovered.name) }) {
                state.retire(former.slot)
            }
        }
    }

    // MARK: Partitions

    package func partition(_ name: TopicPartition) -> Partition? { byName.withLock { $0[name] } }

    package var partitions: [Partition] { byName.withLock { Array($0.values) } }

    func forget(_ partition: Partition) {
        committing.withLock { $0.retire(partition.slot) }
        partition.directWriter.withLock { $0 = nil }
        byName.withLock { $0[partition.topicPartition] = nil }
    }

    /// Makes the high watermark follow the synced end, now and after every commit round. Until this is called only
    /// ``Append/publications`` move it.
    package func followSyncedEnd(_ partition: Partition) {
        committing.withLock { state in
            state.following.insert(partition.slot)
            watermarks.publish([(partition.slot, partition.syncedEnd)])
        }
    }

    /// Moves several held high watermarks in one step. Each offset must be synced.
    package func publish(_ publications: [Append.Publication]) {
        for publication in publications {
            precondition(
                publication.highWatermark <= publication.partition.syncedEnd,
                "\(publication.partition.topicPartition) cannot show \(publication.highWatermark): it is not synced")
        }
        watermarks.publish(publications.map { ($0.partition.slot, $0.highWatermark) })
    }

    package func highWatermark(of partition: Partition) -> Offset { watermarks.offset(of: partition.slot) }

    /// The high watermarks of several partitions at one moment: no commit round lies between two of them.
    package func highWatermarks(of partitions: [Partition]) -> [Offset] {
        watermarks.offsets(of: partitions.map(\.slot))
    }

    /// The offset that the next append gets.
    package func logEnd(of partition: Partition) -> Offset {
        if let writer = partition.directWriter.withLock({ $0 }) { return writer.withLock { $0.written }.nextOffset }
        return staging.withLock { $0.ends[partition.slot].next }
    }

    /// The leader epoch that appends to the partition have now.
    package func leaderEpoch(of partition: Partition) -> Int32 {
        staging.withLock { $0.ends[partition.slot].leaderEpoch }
    }

    // MARK: Appending

    /// Gives every batch its offsets and puts it into the next commit round. Never waits for the disk, but where the only
    /// batch goes to a buffered partition: that is written at once, and the completion called before this returns.
    ///
    /// - Returns: the offsets of each batch. They are final once the completion says so.
    /// - Throws: `.closed`; or why a partition takes no appends at the moment, and then nothing was staged and the
    /// completion is
    ///   not called.
    @discardableResult
    package func stage(_ append: consuming Append) throws(LogStoreError) -> [Range<Offset>] {
        // Out of the append, so that nobody else holds the bytes: they are stamped where they lie.
        var batches: [Append.Batch] = []
        swap(&batches, &append.batches)
        let (publications, waiters, completion) = (append.publications, append.waiters, append.completion)
        if batches.count == 1, let range = try writeNow(&batches[0]) {
            completion(.success([range]))
            return [range]
        }
        precondition(
            batches.count == 1 || batches.allSatisfy { $0.partition.directWriter.withLock { $0 == nil } },
            "An append to several partitions names a buffered one")
        let (ranges, isQuorum) = try staging.withLock { staging throws(LogStoreError) in
            (
                try staging.add(&batches, publishing: publications, waiters: waiters, completion),
                staging.count >= staging.quorum
            )
        }
        if isQuorum { tellStaged() }
        return ranges
    }

    /// Puts one batch for a partition that is not buffered into the next commit round.
    ///
    /// - Parameter waiter: resumed once, with `nil` when everything is synced and visible, or with why it is not.
    /// - Returns: its offsets. They are final once the waiter is resumed with `nil`.
    /// - Throws: as ``stage(_:)``; the waiter is not resumed then.
    package func stage(
        _ batch: inout Append.Batch, resuming waiter: UnsafeContinuation<LogStoreError?, Never>
    ) throws(LogStoreError) -> Range<Offset> {
        let header = RecordBatchHeader(ofOwn: batch.bytes)
        let (range, isQuorum) = try staging.withLock { staging throws(LogStoreError) in
            (try staging.add(&batch, header, resuming: waiter), staging.count >= staging.quorum)
        }
        if isQuorum { tellStaged() }
        return range
    }

    func tellStaged() { listeners.withLock { $0.staged }() }

    /// Sets who hears of failures; called on the committing thread.
    package func onEvent(_ body: @escaping @Sendable (LogEvent) -> Void) { listeners.withLock { $0.event = body } }

    func tell(_ event: LogEvent) { listeners.withLock { $0.event }(event) }

    /// Sets who hears what each round did; called on the committing thread, between the round's outcome and its answers.
    package func onRound(_ body: @escaping @Sendable (CommitRoundReport) -> Void) {
        listeners.withLock { $0.round = body }
    }

    func tell(_ round: CommitRoundReport) {
        counters.note(round)
        listeners.withLock { $0.round }(round)
    }

    /// What was done since the log was opened.
    package var counts: LogCounts { counters.counted }

    /// Sets what is called after something was staged.
    package func onStaged(_ body: @escaping @Sendable () -> Void) { listeners.withLock { $0.staged = body } }

    /// The calendar time by the injected clock.
    package var now: Timestamp { clock.wall() }

    /// True once ``close()`` was called.
    package var isClosed: Bool { staging.withLock { $0.isClosed } }

    // MARK: Waiting

    /// Calls `resume` once as soon as the high watermark, for readers of committed records the last stable offset, is above `offset`, or the log is closed; perhaps at once.
    /// - Returns: a ticket for ``stopWaiting(_:for:)``, `nil` if `resume` was called already.
    package func whenReadable(
        _ partition: Partition, beyond offset: Offset, isolation: Isolation = .uncommitted,
        _ resume: @escaping @Sendable () -> Void
    ) -> UInt64? {
        watermarks.notify(of: partition.slot, beyond: offset, isolation, resume)
    }

    /// Calls the waiter's `resume` now if it was not called yet.
    package func stopWaiting(_ ticket: UInt64, for partition: Partition) {
        watermarks.cancel(ticket, of: partition.slot)
    }

    // MARK: Closing

    /// Tells the next start that the marks say everything. Without the file it looks for itself.
    private func leaveCleanly() {
        do throws(DiskError) {
            try disk.replace(
                configuration.path + "/" + CleanShutdown.fileName, with: CleanShutdown.encoded, in: configuration.path)
        } catch {
            tell(.marksPostponed(error))
        }
    }

    /// Commits what was staged, writes the durable mark and the indexes, and gives the folder free. Later appends are
    /// refused. Blocking; idempotent.
    package func close() {
        // Those who were told that their records are on the way get them written.
        stageOpenBatches()
        let wasClosed = staging.withLock { staging in
            defer { staging.isClosed = true }
            return staging.isClosed
        }
        if wasClosed { return }
        for partition in partitions {
            partition.directWriter.withLock { $0 }?.withLock { $0.refusal = Staging.closed }
        }
        runCommitRound(flushingAll: true)
        if markEverything() { leaveCleanly() }
        // A writer has its partition, and a buffered one has its writer: neither would ever go.
        for partition in partitions { partition.directWriter.withLock { $0 = nil } }
        watermarks.close()
        byName.withLock { $0 = [:] }
        lock.release()
    }
}
