import RecordFormat

/// A partition as recovery left it.
struct RecoveredPartition {
    let name: TopicPartition
    let topicID: Identifier
    let path: String
    var outcome: PartitionRecovery.Outcome
    /// Whether its durable mark stands where recovery arrived.
    var isMarked: Bool
}

/// A folder that is ours, locked, with everything in it recovered.
struct OpenedFolder {
    let identity: Identifier
    let lock: any DiskLock
    let marks: SyncedEndsFile
    let partitions: [RecoveredPartition]
    let report: RecoveryReport
}

extension LogDirectory {
    static let lockName = ".lock"

    /// Opens the folder, creating it if it is not there, and recovers every partition. Blocking.
    ///
    /// - Parameter random: for the identity of a new log.
    /// - Throws: `.locked`, `.notADirectory`, `.refused`, `.noSpace`, `.newerFormat`, `.foreignDirectory`, `.storage`;
    /// nothing
    ///   that was in the folder has changed then, but perhaps some of its torn tails are cut.
    package static func open(
        _ configuration: LogDirectoryConfiguration, disk: any Disk, clock: LogClock, random: () -> UInt64
    ) throws(LogStoreError) -> LogDirectory {
        let path = configuration.path
        do throws(DiskError) {
            try createFolder(path, on: disk)
        } catch {
            if error.isNotADirectory { throw notADirectory(path) }
            throw LogStoreError("Cannot create \(path)", error)
        }
        let lock = try takeLock(path, on: disk)
        do throws(LogStoreError) {
            let opened = try recover(configuration, lock, disk: disk, random: random)
            return LogDirectory(configuration, disk: disk, clock: clock, opened: opened)
        } catch {
            lock.release()
            throw error
        }
    }

    private static func notADirectory(_ path: String) -> LogStoreError {
        LogStoreError(
            .notADirectory, "\(path) is not a folder.", remedy: "Point data_dir at a folder, or remove that file.")
    }

    private static func createFolder(_ path: String, on disk: any Disk) throws(DiskError) {
        switch try disk.kind(of: path) {
        case .directory: return
        case .file, .other: throw DiskError("open folder", path, errno: DiskError.notADirectory)
        case .absent:
            let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            if parent != "." { try createFolder(parent, on: disk) }
            try disk.createDirectory(path)
            if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(parent) }
        }
    }

    /// Makes the names of the folders above durable: of a start that was killed nobody knows how far it came.
    private static func syncFolders(above path: String, on disk: any Disk) throws(DiskError) {
        guard let slash = path.lastIndex(of: "/"), path != "/" else { return }
        let parent = slash == path.startIndex ? "/" : String(path[..<slash])
        do throws(DiskError) {
            if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(parent) }
        } catch {
            // A folder that we may not even open is not one that we made.
            if !error.isRefused { throw error }
        }
        try syncFolders(above: parent, on: disk)
    }

    private static func takeLock(_ path: String, on disk: any Disk) throws(LogStoreError) -> any DiskLock {
        do throws(DiskError) {
            if let lock = try disk.lock(path + "/" + lockName) { return lock }
        } catch {
            throw LogStoreError("Cannot lock \(path)", error)
        }
        throw LogStoreError(
            .locked, "\(path) is in use by another edgebroker.",
            remedy: "Stop that one, or ask it instead of opening its folder.")
    }

    private static func recover(
        _ configuration: LogDirectoryConfiguration, _ lock: any DiskLock, disk: any Disk, random: () -> UInt64
    ) throws(LogStoreError) -> OpenedFolder {
        let path = configuration.path
        do {
            let names = try disk.list(path)
            var report = RecoveryReport()
            let identity = try identity(path, names, disk: disk, random: random)
            // What is found here may be in the page cache only, if the process before was killed: not the files' bytes, but
            // their names and the folder's own.
            if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(path) }
            let found: SyncedEndsFile
            var isWhole = true
            if let marks = try SyncedEndsFile(on: disk, in: path, identity: identity) {
                found = marks
            } else {
                isWhole = false
                report.notes.append(
                    "\(path)/\(SyncedEndsFile.fileName) was missing or damaged: rot in the newest segments may pass for torn tails."
                )
                try SyncedEndsFile.create(on: disk, in: path, identity: identity)
                guard let marks = try SyncedEndsFile(on: disk, in: path, identity: identity) else {
                    throw DiskError("read back", path + "/" + SyncedEndsFile.fileName, errno: DiskError.differs)
                }
                found = marks
            }
            let wasClean = try takeCleanShutdown(path, names, disk: disk)
            let marks = PartitionRecovery.Marks(
                areWhole: isWhole && found.damagedSlots == 0, areOfCleanStop: wasClean && isWhole)
            var partitions = try recoverAll(
                partitionFolders(names), path, found, marks, threads: configuration.recoveryThreads, disk: disk, &report
            )
            if !wasClean { try beginEpoch(of: &partitions, found) }
            noteLostFolders(found, partitions, path, &report)
            return OpenedFolder(identity: identity, lock: lock, marks: found, partitions: partitions, report: report)
        } catch let error as DiskError {
            throw LogStoreError("Cannot open \(path)", error)
        } catch let error as LogStoreError {
            throw error
        } catch {
            preconditionFailure("Opening throws only the disk's and the log's errors: \(error)")
        }
    }

    /// Reads who the folder belongs to, or makes it ours if it is empty.
    private static func identity(
        _ path: String, _ names: [String], disk: any Disk, random: () -> UInt64
    ) throws -> Identifier {
        let file = path + "/" + MetaProperties.fileName
        if let bytes = try disk.contents(of: file, limit: 64 << 10) {
            return try MetaProperties(decoding: bytes, path: file).identity
        }
        // What a start that was cut short leaves; everything else means that a file of ours is missing, or that the
        // folder is somebody else's, perhaps an empty mount point's.
        let harmless: Set<String> = [
            lockName, SyncedEndsFile.fileName, SpaceReserve.fileName, CleanShutdown.fileName, "lost+found",
        ]
        if let other = names.sorted().first(where: { !harmless.contains($0) && !$0.hasSuffix(".tmp") }) {
            throw LogStoreError(
                .foreignDirectory, "\(path) has \(other) but no \(MetaProperties.fileName).",
                remedy:
                    "If it was an edgebroker folder, restore that file from a backup; if not, choose an empty folder.")
        }
        try syncFolders(above: path, on: disk)
        let identity = Identifier(random: random)
        try SyncedEndsFile.create(on: disk, in: path, identity: identity)
        // Last, because with it the folder is ours.
        try disk.replace(file, with: MetaProperties(identity: identity).encoded, in: path)
        return identity
    }

    /// Folders named `<topic>-<partition>`, sorted so that a simulation meets them in one order.
    static func partitionFolders(_ names: [String]) -> [(TopicPartition, String)] {
        names.sorted().compactMap { name in
            guard let dash = name.lastIndex(of: "-"), dash > name.startIndex,
                let partition = Int32(name[name.index(after: dash)...]), partition >= 0,
                String(partition) == name[name.index(after: dash)...]
            else { return nil }
            return (TopicPartition(topic: String(name[..<dash]), partition: partition), name)
        }
    }

    static func recover(
        _ name: TopicPartition, _ path: String, _ found: SyncedEndsFile, _ marks: PartitionRecovery.Marks,
        disk: any Disk, _ report: inout RecoveryReport
    ) throws(DiskError) -> RecoveredPartition? {
        guard try disk.kind(of: path) == .directory else { return nil }
        guard let topicID = try topicID(name, path, disk: disk, &report) else { return nil }
        let mark = found.mark(topicID: topicID, partition: name.partition)
        var recovery = PartitionRecovery(
            disk: disk, path: path, topicID: topicID, partition: name.partition, mark: mark, marks: marks)
        let outcome = try recovery.run()
        report.add(recovery.report)
        let position = outcome.position
        let isMarked =
            mark.map {
                $0.segmentBase == position.segmentBase && $0.syncedLength == position.size
                    && $0.syncedOffset == position.nextOffset
            } ?? false
        return RecoveredPartition(
            name: name, topicID: topicID, path: path, outcome: outcome, isMarked: isMarked)
    }

    /// - Returns: `nil` for a folder whose creation was cut short: it holds nothing.
    private static func topicID(
        _ name: TopicPartition, _ path: String, disk: any Disk, _ report: inout RecoveryReport
    ) throws(DiskError) -> Identifier? {
        let file = path + "/" + PartitionMetadata.fileName
        if let bytes = try disk.contents(of: file, limit: 4096), let metadata = PartitionMetadata(decoding: bytes) {
            return metadata.topicID
        }
        let names = try disk.list(path)
        for seal in names.sorted() where SegmentName.base(of: seal, suffix: ".seal") != nil {
            guard let bytes = try disk.contents(of: path + "/" + seal, limit: 4096),
                let seal = SegmentSeal(decoding: bytes)
            else {
                continue
            }
            report.notes.append("\(file) was missing or damaged and is written anew from a seal.")
            try disk.replace(file, with: PartitionMetadata(topicID: seal.topicID).encoded, in: path)
            return seal.topicID
        }
        for log in names.sorted() {
            guard let base = SegmentName.base(of: log, suffix: ".log") else { continue }
            let size = try disk.open(path + "/" + log, .read).size()
            if size == 0 { continue }
            report.damages.append(
                RecoveryReport.Damage(
                    file: path + "/" + log, offsets: base..<base.advanced(by: 1), byte: 0,
                    cause:
                        "\(PartitionMetadata.fileName) is missing or damaged, so nothing of \(name) is served; restore that file"
                ))
            return nil
        }
        return nil
    }

    /// A partition with a mark but without a folder was lost, or cut off by a mount that is missing.
    private static func noteLostFolders(
        _ marks: SyncedEndsFile, _ partitions: [RecoveredPartition], _ path: String, _ report: inout RecoveryReport
    ) {
        for mark in marks.marks.sorted(by: {
            ($0.topicID.description, $0.partition) < ($1.topicID.description, $1.partition)
        })
        where mark.syncedOffset.rawValue > 0
            && !partitions.contains(where: { $0.topicID == mark.topicID && $0.name.partition == mark.partition })
        {
            report.damages.append(
                RecoveryReport.Damage(
                    file: path, offsets: .zero..<mark.syncedOffset, byte: 0,
                    cause: "the folder of partition \(mark.partition) of the topic with id \(mark.topicID) is missing"))
        }
    }
}

extension RecoveryReport {
    mutating func add(_ other: RecoveryReport) {
        damages += other.damages
        tornTails += other.tornTails
        notes += other.notes
        scannedBytes += other.scannedBytes
    }
}
