package import RecordFormat
import Synchronization

/// Cutting a partition back: for what was appended and never published.
extension LogDirectory {
    /// Cuts a partition with held visibility back to `offset`, which must lie between two batches, and opens it for
    /// appends if a failure had closed it. What was staged for it is refused. Blocking; on the committing thread.
    ///
    /// - Throws: why it cannot be opened yet; `.corrupt` if `offset` is inside a batch or behind damage.
    package func cut(_ partition: Partition, to offset: Offset) throws(LogStoreError) {
        let slot = partition.slot
        var done: [Done] = []
        defer { for call in done { call() } }
        try committing.withLock { state throws(LogStoreError) in
            reopen(&state)
            try state.check(partition)
            let superseded = LogStoreError(
                .closed, "\(partition.topicPartition) was cut back to \(offset).", remedy: "Append again from there.")
            var failed = [slot: Failed(error: superseded, isSync: false)]
            refuse(&failed, [], &done)
            if state.writers[slot].withLock({ $0.synced.nextOffset }) != offset {
                let mark = state.marks.mark(topicID: partition.topicID, partition: partition.topicPartition.partition)
                let position = try locate(offset, in: partition, mark)
                do throws(DiskError) {
                    try lowerMark(of: slot, to: position, &state)
                } catch {
                    throw LogStoreError("Cannot cut \(partition.topicPartition) back to \(offset)", error)
                }
                do throws(DiskError) {
                    try state.writers[slot].withLock { (writer) throws(DiskError) in
                        try writer.rewind(to: position, copying: false)
                    }
                } catch {
                    let failure = LogStoreError("Cannot cut \(partition.topicPartition) back to \(offset)", error)
                    // Half way: nobody may use it before the cut is done.
                    fail(slot, failure, backTo: position, copying: error.isFailedSync, &state)
                    throw failure
                }
            }
            staging.withLock { staging in
                staging.ends[slot].next = offset
                staging.ends[slot].producers = nil
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
                try state.marks.stage(state.writers[slot].withLock { $0.mark(at: position) })
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
