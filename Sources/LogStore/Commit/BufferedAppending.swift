package import RecordFormat
import Synchronization

/// Appends to buffered partitions: written by the caller, readable at once, synced later by the committer (DESIGN D2).
extension LogDirectory {
    /// How the partition is appended to now, whatever was set since it was opened.
    package func isBuffered(_ partition: Partition) -> Bool { partition.directWriter.withLock { $0 != nil } }

    /// Writes one batch, if the partition is a buffered one.
    ///
    /// - Returns: `nil` if the partition is not buffered.
    /// - Throws: why it takes no appends; nothing of the batch is in the log then.
    package func writeNow(_ batch: inout Append.Batch) throws(LogStoreError) -> Range<Offset>? {
        let partition = batch.partition
        guard let writer = partition.directWriter.withLock({ $0 }) else { return nil }
        try staging.withLock { staging throws(LogStoreError) in try staging.checkRoom(for: partition.slot) }
        let header = RecordBatchHeader(ofOwn: batch.bytes)
        let now = clock.wall()
        let written = try writer.withLock { (writer) throws(LogStoreError) -> Written in
            try write(&batch, header, with: &writer, at: now)
        }
        tell(written)
        return written.range
    }

    /// The same for a producer's batch, unless it is there already or may not be appended.
    ///
    /// - Returns: `nil` if what is known of the producers must be loaded first.
    func writeOnce(
        _ batch: inout Append.Batch, _ header: RecordBatchHeader, with writer: SharedWriter
    ) throws(ProducerBatch.Failure) -> AppendedBatch? {
        let slot = batch.partition.slot
        do throws(LogStoreError) {
            try staging.withLock { staging throws(LogStoreError) in try staging.checkRoom(for: slot) }
        } catch {
            throw .log(error)
        }
        let now = clock.wall()
        let outcome = try writer.withLock { (writer) throws(ProducerBatch.Failure) -> Produced in
            if let refusal = writer.refusal { throw .log(refusal) }
            guard let producers = writer.producers else { return .unknown }
            switch producers.verdict(on: header) {
            case .append: break
            // It was written, and that is what the partition promises.
            case .duplicate(let range, _): return .duplicate(range)
            case let verdict: throw .refused(verdict)
            }
            do throws(LogStoreError) {
                return .written(try write(&batch, header, with: &writer, at: now))
            } catch {
                throw .log(error)
            }
        }
        switch outcome {
        case .unknown: return nil
        case .duplicate(let range): return AppendedBatch(range: range, isDuplicate: true)
        case .written(let written):
            tell(written)
            return AppendedBatch(range: written.range, isDuplicate: false)
        }
    }

    private func write(
        _ batch: inout Append.Batch, _ header: RecordBatchHeader, with writer: inout PartitionWriter, at now: Timestamp
    ) throws(LogStoreError) -> Written {
        let slot = batch.partition.slot
        if let refusal = writer.refusal { throw refusal }
        let header = header.stamped(baseOffset: writer.written.nextOffset, leaderEpoch: writer.leaderEpoch)
        batch.bytes.withUnsafeMutableBytes { header.stamp(into: $0) }
        do throws(DiskError) {
            try writer.append(batch.bytes, header, at: now)
        } catch {
            let failure = LogStoreError("Cannot append to \(batch.partition.topicPartition)", error)
            writer.forgetUnexposed()
            writer.refusal = failure
            directFailures.withLock { $0[slot] = failure }
            // The committer puts the file right.
            tellStaged()
            throw failure
        }
        counters.noteWritten(header.totalSize)
        writer.expose()
        // Under the writer's lock, so that it cannot come after a failure has taken these records back.
        let woken = watermarks.move(slot, to: header.nextOffset)
        let isFirst = writer.dirtySince == nil
        if isFirst { writer.dirtySince = clock.monotonic() }
        return Written(range: header.baseOffset..<header.nextOffset, isFirst: isFirst, woken: woken)
    }

    /// Once the writer's lock is free.
    private func tell(_ written: Written) {
        // The committer learns once per interval that there is something to sync.
        if written.isFirst { tellStaged() }
        for call in written.woken { call() }
    }

    private enum Produced: Sendable {
        case unknown
        case duplicate(Range<Offset>)
        case written(Written)
    }

    private struct Written: Sendable {
        let range: Range<Offset>
        /// Since the last sync.
        let isFirst: Bool
        let woken: [@Sendable () -> Void]
    }

    /// What one round syncs of a buffered partition.
    struct Flush {
        let slot: Int
        let target: LogPosition
        let closing: [ClosingSegment]
        let files: [any DiskFile]
    }

    /// Collects what is due. Closed segments are cut to their size first, so that the sync covers that too.
    func dueFlushes(_ state: borrowing CommitState, all: Bool, _ failed: inout [Int: Failed]) -> [Flush] {
        var due: [Flush] = []
        let now = clock.monotonic()
        for (slot, interval) in state.buffered.sorted(by: { $0.key < $1.key }) where state.failures[slot] == nil {
            let writer = state.writers[slot]
            let flush = writer.withLock { writer -> Flush? in
                guard let since = writer.dirtySince, all || since + interval <= now else { return nil }
                writer.dirtySince = nil
                return Flush(
                    slot: slot, target: writer.written, closing: writer.closing,
                    files: writer.closing.map(\.file) + [writer.file])
            }
            guard let flush else { continue }
            do throws(DiskError) {
                for segment in flush.closing { try segment.file.truncate(to: segment.end.size) }
                due.append(flush)
            } catch {
                failed[slot] = failure(error, of: writer.withLock { $0.partition })
            }
        }
        return due
    }

    /// What a flush's files hold is synced: seals what is full, and tells recovery's mark.
    func settle(_ flush: Flush, _ state: inout CommitState) throws(DiskError) {
        let writer = state.writers[flush.slot]
        let partition = writer.withLock { $0.partition }
        for segment in flush.closing { try segment.seal(in: partition, on: disk) }
        // The name of the segment that follows, before anything in it counts as synced.
        if !flush.closing.isEmpty, !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(partition.path) }
        writer.withLock { writer in
            writer.closing.removeFirst(flush.closing.count)
            writer.settle(to: flush.target)
        }
        state.unmarked.insert(flush.slot)
    }

    /// After a failed sync of a buffered partition: how far its files can still be read and are what was written.
    func readableEnd(of slot: Int, _ state: borrowing CommitState) -> LogPosition {
        let (synced, ends) = state.writers[slot].withLock { writer in
            (writer.synced, writer.closing.map { ($0.file, $0.end) } + [(writer.file, writer.written)])
        }
        var reached = synced
        for (file, end) in ends where end.segmentBase >= synced.segmentBase {
            if end.segmentBase > reached.segmentBase {
                reached = LogPosition(
                    segmentBase: end.segmentBase, size: 0, checksum: 0, nextOffset: reached.nextOffset)
            }
            var scanner = BatchScanner(
                file, from: reached.size, to: end.size, expecting: reached.nextOffset, checksum: reached.checksum)
            // A disk that does not let itself be read ends what can be kept, as a bad batch does.
            while let step = try? scanner.next(), case .good = step {}
            reached = LogPosition(
                segmentBase: end.segmentBase, size: scanner.position, checksum: scanner.checksum,
                nextOffset: scanner.expected)
            if reached != end { break }
        }
        return reached
    }
}
