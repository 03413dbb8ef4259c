import RecordFormat

/// What a data folder says of itself and of its partitions, without changing it.
struct FolderLook {
    /// `nil` if neither `meta.properties` nor `synced-ends` tells.
    let identity: Identifier?
    let names: [String]
    let marks: FoundMarks
    /// Sorted by name; those whose topic nothing tells are in the report if they hold something.
    let folders: [LogDirectory.IdentifiedFolder]
    /// Partitions that have a folder, deleted ones too.
    let present: Set<SyncedEndsFile.Key>
    let report: RecoveryReport

    /// - Returns: `nil` if no log was begun there.
    /// - Throws: ``DiskError``, and `.newerFormat`.
    init?(_ path: String, disk: any Disk) throws {
        names = try disk.list(path)
        var report = RecoveryReport()
        let header = try SyncedEndsFile.identity(on: disk, in: path)
        let said = try Self.identity(path, header, names, disk: disk, &report)
        if said == nil, report.damages.isEmpty { return nil }
        identity = said
        var file: SyncedEndsFile?
        if let identity = said { file = try SyncedEndsFile(on: disk, in: path, identity: identity, mode: .read) }
        marks = try FoundMarks(file, isClean: false, in: path, on: disk)
        report.notes += marks.notes(in: path)
        var folders: [LogDirectory.IdentifiedFolder] = []
        for (name, folder) in LogDirectory.partitionFolders(names) {
            let folder = path + "/" + folder
            guard try disk.kind(of: folder) == .directory else { continue }
            let found = try TopicIdentity(disk: disk, path: folder, name: name, marks: file).find()
            if let correction = found?.correction { report.notes.append(correction) }
            folders.append(LogDirectory.IdentifiedFolder(name: name, path: folder, topicID: found?.topicID))
        }
        self.folders = try TopicIdentity.byElimination(folders, file, disk: disk, &report)
        let deleted = try DeletedFolder.among(names, in: path, on: disk)
        for folder in deleted { report.notes.append("\(folder.path) is of a deleted topic; a start removes it.") }
        present = Set(
            self.folders.compactMap { folder in
                folder.topicID.map { SyncedEndsFile.Key(topicID: $0, partition: folder.name.partition) }
            } + deleted.map(\.key))
        report.damages += LogDirectory.lostFolders(LogDirectory.lostMarks(file, present), path)
        self.report = report
    }

    private static func identity(
        _ path: String, _ header: Identifier?, _ names: [String], disk: any Disk, _ report: inout RecoveryReport
    ) throws -> Identifier? {
        let file = path + "/" + MetaProperties.fileName
        func note(_ cause: String) {
            report.damages.append(RecoveryReport.Damage(file: file, offsets: .zero ..< .zero, byte: 0, cause: cause))
        }
        guard let bytes = try disk.readable(file, limit: MetaProperties.sizeLimit) else {
            // Without it a start refuses a folder that has partitions, and begins a new log where there are none.
            if LogDirectory.partitionFolders(names).isEmpty { return nil }
            note("the file is missing; no start will touch the folder without it")
            return header
        }
        do throws(LogStoreError) {
            let identity = try MetaProperties(decoding: bytes, path: file).identity
            if let header, header != identity {
                note("it is of log \(identity), \(SyncedEndsFile.fileName) beside it of log \(header)")
            } else if bytes != MetaProperties(identity: identity).encoded {
                report.notes.append("\(file) has other lines than edgebroker writes.")
            }
            // The other one has a checksum.
            return header ?? identity
        } catch {
            if error.code == .newerFormat { throw error }
            note("the file is damaged")
            return header
        }
    }
}
