import RecordFormat
import Synchronization

/// All partitions of a folder, several at a time: each mostly waits for the disk.
extension LogDirectory {
    /// A partition's folder, and which topic it belongs to.
    struct IdentifiedFolder: Sendable {
        let name: TopicPartition
        let path: String
        var topicID: Identifier?
    }

    private struct Answer<Value: Sendable>: Sendable {
        let value: Value?
        let report: RecoveryReport
        let error: DiskError?
    }

    /// Calls `body` for each element, side by side.
    /// - Returns: what it returned, in the elements' order, however the threads went. Its reports are added in that order.
    /// - Throws: the first error in that order; the others were tried all the same.
    private static func sideBySide<Element: Sendable, Value: Sendable>(
        _ elements: [Element], threads: Int, _ report: inout RecoveryReport,
        _ body: @Sendable (Element, inout RecoveryReport) throws(DiskError) -> Value?
    ) throws(DiskError) -> [Value] {
        let answers = Mutex<[Answer<Value>?]>(Array(repeating: nil, count: elements.count))
        BlockingLanes("recovery", width: threads).forEach(elements.count) { index in
            var report = RecoveryReport()
            let answer: Answer<Value>
            do throws(DiskError) {
                let value = try body(elements[index], &report)
                answer = Answer(value: value, report: report, error: nil)
            } catch {
                answer = Answer(value: nil, report: report, error: error)
            }
            answers.withLock { $0[index] = answer }
        }
        var values: [Value] = []
        for answer in answers.withLock({ $0 }) {
            guard let answer else { preconditionFailure("A partition's recovery gave no answer") }
            if let error = answer.error { throw error }
            report.add(answer.report)
            if let value = answer.value { values.append(value) }
        }
        return values
    }

    /// Finds out whose the folders are, and puts what says so right.
    /// - Returns: those that are known. The others hold nothing, or are reported as damage.
    static func identify(
        _ folders: [(TopicPartition, String)], _ path: String, _ found: FoundMarks,
        _ configuration: LogDirectoryConfiguration, disk: any Disk, _ report: inout RecoveryReport
    ) throws(DiskError) -> [IdentifiedFolder] {
        let identified = try sideBySide(folders, threads: configuration.recoveryThreads, &report) {
            folder, report throws(DiskError) -> IdentifiedFolder? in
            let (name, folder) = (folder.0, path + "/" + folder.1)
            guard try disk.kind(of: folder) == .directory else { return nil }
            let identity = TopicIdentity(disk: disk, path: folder, name: name, marks: found.file)
            let topic = try identity.find()
            if let topic, let correction = topic.correction {
                report.notes.append(correction)
                try disk.replace(
                    identity.file, with: PartitionMetadata(topicID: topic.topicID).encoded, in: folder)
            }
            return IdentifiedFolder(name: name, path: folder, topicID: topic?.topicID)
        }
        return try TopicIdentity.byElimination(identified, found.file, disk: disk, &report)
    }

    static func recoverAll(
        _ folders: [IdentifiedFolder], _ found: FoundMarks, _ configuration: LogDirectoryConfiguration, disk: any Disk,
        _ report: inout RecoveryReport
    ) throws(DiskError) -> [RecoveredPartition] {
        let meter = configuration.onRecoveryProgress.map {
            RecoveryProgress.Meter(partitions: folders.count, $0)
        }
        return try sideBySide(folders, threads: configuration.recoveryThreads, &report) {
            folder, report throws(DiskError) -> RecoveredPartition? in
            guard let topicID = folder.topicID else { return nil }
            let mark = found.mark(of: folder.name, topicID: topicID)
            var recovery = PartitionRecovery(
                disk: disk, path: folder.path, topicID: topicID, partition: folder.name.partition, mark: mark,
                marks: found.marks(of: folder.name))
            recovery.meter = meter
            let outcome = try recovery.run()
            report.add(recovery.report, of: folder.name)
            meter?.finishedPartition()
            let position = outcome.position
            let isMarked =
                mark.map {
                    $0.segmentBase == position.segmentBase && $0.syncedLength == position.size
                        && $0.syncedOffset == position.nextOffset
                } ?? false
            return RecoveredPartition(
                name: folder.name, topicID: topicID, path: folder.path, outcome: outcome, isMarked: isMarked)
        }
    }

    /// What lies above a mark was appended after it; when, nobody has noted. It counts as the newest of all, so that retention, whose
    /// clock goes on from there, takes nothing early.
    static func dateUnmarked(_ partitions: inout [RecoveredPartition]) {
        guard let newest = partitions.map(\.outcome.lastAppendTime).max() else { return }
        for index in partitions.indices where !partitions[index].isMarked {
            partitions[index].outcome.lastAppendTime = newest
        }
    }

    /// Whether the folder is as a clean stop left it. From now on it is not.
    static func takeCleanShutdown(_ path: String, _ names: [String], disk: any Disk) throws(DiskError) -> Bool {
        guard names.contains(CleanShutdown.fileName) else { return false }
        if PlantedBug.cleanMarkerKept.isActive { return true }
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
            lastAppendTime: outcome.lastAppendTime, leaderEpoch: outcome.leaderEpoch,
            topicChecksum: SyncedEnd.topicChecksum(name.topic), logStart: outcome.logStart,
            firstAppendTime: outcome.firstAppendTime ?? Timestamp(millisecondsSince1970: 0),
            fingerprint: end.fingerprint)
    }
}
