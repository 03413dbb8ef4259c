package import RecordFormat
import Synchronization

/// Deleting the oldest records of a partition.
extension LogDirectory {
    /// Makes `offset` the log start and removes the segments that lie wholly below it. Records above it are not touched.
    /// Blocking; it waits for the commit round that runs, and for a compaction that is just putting a segment in its place.
    ///
    /// The new start is durable before the first file goes, so that a start never meets the gap as damage; a file that cannot
    /// be removed is told as an event and goes with the next deletion or start. Readers that have a file open keep it.
    /// - Throws: `.offsetOutOfRange` above the high watermark; `.noSpace` or `.storage` if the start cannot be written, or the
    /// partition is closed after a failure: the log start is as before then.
    package func deleteRecords(of partition: Partition, below offset: Offset) throws(LogStoreError) {
        // What is only written could be lost, and the log would begin behind its end.
        if offset > partition.syncedEnd { runCommitRound(flushingAll: true) }
        let end = min(highWatermark(of: partition), partition.syncedEnd)
        if offset > end {
            throw LogStoreError(
                .offsetOutOfRange, "\(partition.topicPartition) ends at \(end); it cannot begin at \(offset).",
                remedy: "Name an offset up to \(end).", nextReadable: end)
        }
        let events = try partition.maintenance.withLock { maintenance throws(LogStoreError) in
            try delete(from: partition, below: offset, &maintenance)
        }
        for event in events { tell(event) }
    }

    private func delete(
        from partition: Partition, below offset: Offset, _ maintenance: inout Partition.Maintenance
    ) throws(LogStoreError) -> [LogEvent] {
        try committing.withLock { state throws(LogStoreError) in
            // One that goes back to before its last round must not have a mark that says more than that.
            try state.check(partition)
            if offset > partition.logStart {
                do throws(DiskError) {
                    try moveLogStart(of: partition, to: offset, &state)
                } catch {
                    throw LogStoreError("Cannot move the start of \(partition.topicPartition) to \(offset)", error)
                }
                partition.noteLogStart(offset)
            }
            do throws(DiskError) {
                try removeSegments(below: partition.logStart, of: partition, &maintenance.undeleted)
            } catch {
                return [.leftBehind(partition, error)]
            }
            return []
        }
    }

    /// Both generations: the older one would count again if the newer one rotted, and would name a start without a segment.
    private func moveLogStart(of partition: Partition, to offset: Offset, _ state: inout CommitState) throws(DiskError)
    {
        do throws(DiskError) {
            if state.marksNeedRewrite { try state.marks.rewrite() }
            state.marksNeedRewrite = false
            for _ in 0..<2 {
                try state.marks.stage(
                    state.writers[partition.slot].withLock { writer in
                        var mark = writer.mark(at: writer.synced)
                        mark.logStart = offset
                        return mark
                    })
                if PlantedBug.logStartUnsynced.isActive { continue }
                try state.marks.sync()
            }
        } catch {
            _ = postponeMarks(&state, error)
            throw error
        }
    }

    /// Oldest first, so that what a power cut leaves has no gap. The seal goes for certain before its segment, or it would
    /// speak of one that is not there.
    /// - Parameter bases: of segments whose files are to go; those that could not stay in it.
    private func removeSegments(
        below start: Offset, of partition: Partition, _ bases: inout [Offset]
    ) throws(DiskError) {
        let gone = partition.segments.withLock { segments -> [Segment] in
            // The active segment stays, and with it the offsets that have been.
            let count = segments.dropLast().prefix { $0.nextOffset <= start }.count
            defer { segments.removeFirst(count) }
            return Array(segments.prefix(count))
        }
        bases += gone.map(\.base)
        if bases.isEmpty { return }
        while let base = bases.first {
            for name in SegmentName.removalOrder(of: base) {
                let path = partition.path + "/" + name
                if try disk.kind(of: path) != .absent { try disk.remove(path) }
            }
            bases.removeFirst()
        }
        try disk.syncDirectory(partition.path)
    }

    /// Closes the active segment, if it holds something, so that it can be deleted or compacted. Blocking.
    /// - Throws: what the disk says; the partition is closed then and opens again by itself.
    package func roll(_ partition: Partition) throws(LogStoreError) {
        let slot = partition.slot
        runCommitRound(flushingAll: true)
        var done: [Done] = []
        // Outside the lock, as those of a round.
        defer { for call in done { call() } }
        try committing.withLock { state throws(LogStoreError) in
            try state.check(partition)
            let writer = state.writers[slot]
            do throws(DiskError) {
                try writer.withLock { (writer) throws(DiskError) in
                    try writer.roll()
                    // A buffered one is sealed by a flush.
                    if !writer.closing.isEmpty, writer.dirtySince == nil { writer.dirtySince = clock.monotonic() }
                }
                state.unmarked.insert(slot)
                if state.markDue == nil { state.markDue = clock.monotonic() + configuration.markInterval }
            } catch {
                let failure = LogStoreError("Cannot close a segment of \(partition.topicPartition)", error)
                var failed = [slot: Failed(error: failure, isSync: error.isFailedSync)]
                refuse(&failed, [], &done)
                close(failed, [:], &state)
                throw failure
            }
        }
        runCommitRound(flushingAll: true)
    }
}
