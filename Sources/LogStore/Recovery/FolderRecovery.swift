import RecordFormat

/// What opening does with a folder that is locked.
extension LogDirectory {
    static func recover(
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
            let wasClean = try takeCleanShutdown(path, names, disk: disk)
            let marks = try SyncedEndsFile(on: disk, in: path, identity: identity)
            let found = try FoundMarks(marks, isClean: wasClean, in: path, on: disk)
            report.notes += found.notes(in: path)
            let file = try writable(marks, path, names, identity, disk: disk)
            // Before a mark could be taken for another folder's.
            let deleted = try DeletedFolder.among(names, in: path, on: disk)
            if file.forget(deleted.map(\.key)) { try file.rewrite() }
            let folders = try identify(partitionFolders(names), path, found, configuration, disk: disk, &report)
            var partitions = try recoverAll(folders, found, configuration, disk: disk, &report)
            dateUnmarked(&partitions)
            if !wasClean, !PlantedBug.epochKept.isActive { try beginEpoch(of: &partitions, file) }
            let present = partitions.map { SyncedEndsFile.Key(topicID: $0.topicID, partition: $0.name.partition) }
            report.damages += lostFolders(lostMarks(file, Set(present)), path)
            return OpenedFolder(
                identity: identity, lock: lock, marks: file, partitions: partitions, deleted: deleted, report: report)
        } catch let error as DiskError {
            throw LogStoreError("Cannot open \(path)", error)
        } catch let error as LogStoreError {
            throw error
        } catch {
            preconditionFailure("Opening throws only the disk's and the log's errors: \(error)")
        }
    }

    /// The file of the marks, fit to be written. One that is damaged is not thrown away: it may be a file that was put in its
    /// place.
    private static func writable(
        _ marks: SyncedEndsFile?, _ path: String, _ names: [String], _ identity: Identifier, disk: any Disk
    ) throws(DiskError) -> SyncedEndsFile {
        if let marks {
            if marks.isHeaderDamaged { try marks.rewrite() }
            return marks
        }
        let name = SyncedEndsFile.fileName
        if names.contains(name) {
            let free = (1...).lazy.map { "\(name).damaged-\($0)" }.first { !names.contains($0) } ?? name + ".damaged"
            try disk.rename(path + "/" + name, to: path + "/" + free)
        }
        try SyncedEndsFile.create(on: disk, in: path, identity: identity)
        guard let made = try SyncedEndsFile(on: disk, in: path, identity: identity) else {
            throw DiskError("read back", path + "/" + name, errno: DiskError.differs)
        }
        return made
    }

    /// Reads who the folder belongs to, or makes it ours if it is empty.
    private static func identity(
        _ path: String, _ names: [String], disk: any Disk, random: () -> UInt64
    ) throws -> Identifier {
        let file = path + "/" + MetaProperties.fileName
        if let bytes = try disk.contents(of: file, limit: MetaProperties.sizeLimit) {
            let identity = try MetaProperties(decoding: bytes, path: file).identity
            if let other = try SyncedEndsFile.identity(on: disk, in: path), other != identity {
                throw LogStoreError(
                    .foreignDirectory,
                    "\(file) is of log \(identity), \(SyncedEndsFile.fileName) beside it of log \(other).",
                    remedy:
                        "One of them is damaged or was put there: restore it, or see `edgebroker log repair \(path) --dry-run`."
                )
            }
            return identity
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
                    "If it was an edgebroker folder, `edgebroker log repair \(path) --dry-run` says whether the file can be had back; if not, choose an empty folder."
            )
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

    /// Partitions with a mark but without a folder: lost, or cut off by a mount that is missing.
    /// - Parameter present: those that have one.
    static func lostMarks(_ marks: SyncedEndsFile?, _ present: Set<SyncedEndsFile.Key>) -> [SyncedEnd] {
        (marks?.marks ?? []).filter {
            $0.syncedOffset > $0.logStart
                && !present.contains(SyncedEndsFile.Key(topicID: $0.topicID, partition: $0.partition))
        }.sorted { ($0.topicID.description, $0.partition) < ($1.topicID.description, $1.partition) }
    }

    static func lostFolders(_ marks: [SyncedEnd], _ path: String) -> [RecoveryReport.Damage] {
        marks.map { mark in
            RecoveryReport.Damage(
                file: path, offsets: mark.logStart..<mark.syncedOffset, byte: 0,
                cause: "the folder of partition \(mark.partition) of the topic with id \(mark.topicID) is missing")
        }
    }
}
