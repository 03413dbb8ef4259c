import RecordFormat
import Synchronization

/// Deleting whole partitions. Whoever keeps the topics has decided it durably before; from then on nothing brings them back.
///
/// 1. Nothing is appended and nothing new is read; waits end. Readers that have a file open go on until they let go of it.
/// 2. The folder is renamed, and the data folder synced: the partition's name is free for another topic.
/// 3. The durable mark goes, so that no start misses the folder.
/// 4. The files are removed, beside everything else.
///
/// A start that finds step 2 done goes on with 3. One that does not is told by whoever keeps the topics.
extension LogDirectory {
    /// Steps 1 to 3. Blocking; on the committing thread. What of 2 and 3 the disk refuses is told as an event, and tried again by
    /// ``removeDeletedFiles(limit:)`` and before a partition of that name is created.
    ///
    /// Appends that are staged for them, or wait, are refused with `.deleted`.
    package func remove(_ partitions: [Partition]) {
        if partitions.isEmpty { return }
        var done: [Done] = []
        committing.withLock { state in
            var failed: [Int: Failed] = [:]
            for partition in partitions {
                failed[partition.slot] = Failed(error: .deleted(partition.topicPartition), isSync: false)
            }
            refuse(&failed, [], &done)
            for partition in partitions {
                failed[partition.slot] = nil
                retire(partition, &state)
            }
            // What shared an append with them goes back to before it.
            close(failed, [:], &state)
            deleted.withLock { deleted in
                deleted += partitions.map { DeletedFolder($0, in: configuration.path) }
            }
            do throws(DiskError) { try takeOut(&state) } catch { tell(.deletionPostponed(error)) }
        }
        for partition in partitions { watermarks.end(partition.slot) }
        // Outside the lock, as those of a round.
        for call in done { call() }
    }

    private func retire(_ partition: Partition, _ state: inout CommitState) {
        let slot = partition.slot
        let refusal = LogStoreError.deleted(partition.topicPartition)
        partition.directWriter.withLock { $0 = nil }
        state.writers[slot].withLock { writer in
            writer.refusal = refusal
            // Its descriptors close with the last reader.
            writer.closing = []
            writer.file = GoneFile(writer.file.path)
        }
        state.retire(slot)
        partition.noteDeleted()
        byName.withLock { names in
            if names[partition.topicPartition] === partition { names[partition.topicPartition] = nil }
        }
    }

    /// Steps 2 and 3 of all folders that are still under their name.
    func takeOut(_ state: inout CommitState) throws(DiskError) {
        let folders = deleted.withLock { $0.filter { $0.origin != nil } }
        if folders.isEmpty { return }
        for folder in folders {
            // Absent: an earlier try came so far, and nobody has used the name since.
            guard let origin = folder.origin, try disk.kind(of: origin) != .absent else { continue }
            try disk.rename(origin, to: folder.path)
        }
        if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(configuration.path) }
        deleted.withLock { deleted in
            for place in deleted.indices where folders.contains(deleted[place]) { deleted[place].origin = nil }
        }
        if state.marks.forget(folders.map(\.key)) {
            state.marksNeedRewrite = true
            try rewriteMarks(&state)
        }
    }

    private func rewriteMarks(_ state: inout CommitState) throws(DiskError) {
        if !state.marksNeedRewrite { return }
        do throws(DiskError) { try state.marks.rewrite() } catch {
            _ = postponeMarks(&state, error)
            throw error
        }
        state.marksNeedRewrite = false
    }

    /// Makes sure that the names of deleted partitions are free.
    func freeNames() throws(DiskError) {
        try committing.withLock { state throws(DiskError) in try takeOut(&state) }
    }

    /// Step 4, and what is left of those before: removes some files of deleted partitions. Blocking, on any thread.
    ///
    /// - Parameter limit: of files, so that a pass of other work is not held up.
    /// - Returns: whether there are more.
    /// - Throws: what the disk says; the next call tries again.
    package func removeDeletedFiles(limit: Int = 256) throws(LogStoreError) -> Bool {
        if deleted.withLock(\.isEmpty) { return false }
        do throws(DiskError) {
            try committing.withLock { state throws(DiskError) in
                try takeOut(&state)
                // A mark must not outlive the folder that tells of its end.
                try rewriteMarks(&state)
            }
            var left = limit
            while let folder = deleted.withLock(\.first) {
                let calls = try folder.remove(upTo: left, on: disk)
                left -= calls
                if left <= 0 { return true }
                deleted.withLock { deleted in deleted.removeAll { $0.path == folder.path } }
            }
        } catch {
            throw LogStoreError("Cannot remove the files of a deleted topic", error)
        }
        return false
    }

    /// Whether files of deleted partitions are still there.
    package var hasDeletedFiles: Bool { deleted.withLock { !$0.isEmpty } }
}

extension LogStoreError {
    static func deleted(_ name: TopicPartition) -> LogStoreError {
        LogStoreError(.deleted, "\(name) was deleted.", remedy: "`edgebroker topic list` shows the topics that exist.")
    }
}

/// What the writer of a deleted partition holds instead of its file: it must not keep the bytes on the disk.
private final class GoneFile: DiskFile {
    let path: String

    init(_ path: String) { self.path = path }

    private func gone(_ operation: String) -> DiskError { DiskError(operation, path, errno: DiskError.absent) }

    func size() throws(DiskError) -> Int { throw gone("look at") }
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(DiskError) -> Int {
        throw gone("read")
    }
    func write(_ bytes: UnsafeRawBufferPointer, at position: Int) throws(DiskError) -> Int { throw gone("write") }
    func truncate(to size: Int) throws(DiskError) { throw gone("cut") }
    func preallocate(_ size: Int) throws(DiskError) { throw gone("reserve") }
    func sync() throws(DiskError) { throw gone("sync") }
    func close() {}
}
