import RecordFormat
import Synchronization

/// All partitions of a folder, several at a time: each mostly waits for the disk.
extension LogDirectory {
    private struct Answer: Sendable {
        let partition: RecoveredPartition?
        let report: RecoveryReport
        let error: DiskError?
    }

    /// - Returns: the partitions in the order of their names, however the threads went.
    /// - Throws: the first error in that order; the others were tried all the same.
    static func recoverAll(
        _ folders: [(TopicPartition, String)], _ path: String, _ found: SyncedEndsFile,
        _ marks: PartitionRecovery.Marks,
        threads: Int, disk: any Disk, _ report: inout RecoveryReport
    ) throws(DiskError) -> [RecoveredPartition] {
        let answers = Mutex<[Answer?]>(Array(repeating: nil, count: folders.count))
        BlockingLanes("recovery", width: threads).forEach(folders.count) { index in
            let (name, folder) = folders[index]
            var report = RecoveryReport()
            let answer: Answer
            do throws(DiskError) {
                let partition = try recover(name, path + "/" + folder, found, marks, disk: disk, &report)
                answer = Answer(partition: partition, report: report, error: nil)
            } catch {
                answer = Answer(partition: nil, report: report, error: error)
            }
            answers.withLock { $0[index] = answer }
        }
        var partitions: [RecoveredPartition] = []
        for answer in answers.withLock({ $0 }) {
            guard let answer else { preconditionFailure("A partition's recovery gave no answer") }
            if let error = answer.error { throw error }
            report.add(answer.report)
            if let partition = answer.partition { partitions.append(partition) }
        }
        return partitions
    }

    /// Whether the folder is as a clean stop left it. From now on it is not.
    static func takeCleanShutdown(_ path: String, _ names: [String], disk: any Disk) throws(DiskError) -> Bool {
        guard names.contains(CleanShutdown.fileName) else { return false }
        if PlantedBug.cleanMarkerStays.isActive { return true }
        try disk.remove(path + "/" + CleanShutdown.fileName)
        // Before anything is appended: the marker would tell the next start that nothing was.
        try disk.syncDirectory(path)
        return true
    }

    /// After an unclean stop records may be gone that somebody has seen: what is appended from now on carries another leader
    /// epoch. It is durable before anybody is served, or the next such start might give the same.
    static func beginEpoch(of partitions: inout [RecoveredPartition], _ marks: SyncedEndsFile) throws(DiskError) {
        guard let highest = partitions.map(\.outcome.leaderEpoch).max() else { return }
        let (epoch, overflows) = highest.addingReportingOverflow(1)
        if overflows { throw DiskError("begin leader epoch after", "\(highest)", errno: DiskError.tooLarge) }
        if PlantedBug.epochStays.isActive { return }
        for index in partitions.indices {
            partitions[index].outcome.leaderEpoch = epoch
            try marks.stage(partitions[index].mark)
            partitions[index].isMarked = true
        }
        try marks.sync()
    }
}

extension RecoveredPartition {
    /// What recovery found is synced: a mark may say so.
    fileprivate var mark: SyncedEnd {
        let end = outcome.position
        return SyncedEnd(
            sequence: 0, topicID: topicID, partition: name.partition, logChecksum: end.checksum,
            segmentBase: end.segmentBase, syncedLength: Int64(end.size), syncedOffset: end.nextOffset,
            lastAppendTime: outcome.lastAppendTime, leaderEpoch: outcome.leaderEpoch, logStart: outcome.logStart,
            firstAppendTime: outcome.firstAppendTime ?? Timestamp(millisecondsSince1970: 0))
    }
}
