package import RecordFormat

/// Puts right what can be put right in a log directory that nobody has open: files that others tell are written anew, damaged
/// segments are set aside and what is good of them takes their place, and lost offsets are recorded so that everybody knows.
///
/// Nothing is deleted, and a repair that is cut short is taken up by the next one.
package struct LogRepair {
    package struct Result: Sendable {
        /// What was done, or would be done, in order.
        package var steps: [RepairStep] = []
        /// What it cannot put right.
        package var left: [RecoveryReport.Damage] = []
    }

    /// - Parameters:
    ///   - time: names the folder of what is set aside.
    ///   - isDryRun: only says what would be done.
    ///   - willTake: called before each step.
    /// - Throws: `.locked` while an edgebroker uses the folder; `.foreignDirectory` if it is not a log's; what the disk says.
    ///   Steps taken before stand.
    package static func run(
        _ path: String, disk: any Disk, at time: Timestamp, isDryRun: Bool,
        willTake: (RepairStep) -> Void = { _ in }
    ) throws(LogStoreError) -> Result {
        guard try LogVerification.isFolder(path, disk: disk) else {
            throw LogStoreError(.notADirectory, "\(path) does not exist.", remedy: "Name the folder of a log.")
        }
        let lock = try LogVerification.lockIfThere(path, disk: disk)
        defer { lock?.release() }
        var result = Result()
        do {
            var isUnfinished = true
            while isUnfinished {
                var repair = LogRepair(disk: disk, path: path, time: time)
                try repair.plan()
                for planned in repair.steps {
                    willTake(planned.step)
                    if !isDryRun { try planned.take(disk) }
                }
                result.steps += repair.steps.map(\.step)
                result.left = repair.left
                isUnfinished = repair.isUnfinished && !isDryRun
            }
        } catch let error as DiskError {
            throw LogStoreError("Cannot repair \(path)", error)
        } catch let error as LogStoreError {
            throw error
        } catch {
            preconditionFailure("Repairing throws only the disk's and the log's errors: \(error)")
        }
        return result
    }

    private let disk: any Disk
    private let path: String
    private let time: Timestamp
    private let aside: SetAside
    private var steps: [PlannedStep] = []
    private var left: [RecoveryReport.Damage] = []
    /// More can be planned once these steps were taken.
    private var isUnfinished = false

    private init(disk: any Disk, path: String, time: Timestamp) {
        self.disk = disk
        self.path = path
        self.time = time
        aside = SetAside(in: path, at: time)
    }

    private mutating func plan() throws {
        guard let look = try FolderLook(path, disk: disk) else {
            throw LogStoreError(
                .foreignDirectory, "\(path) holds no log.", remedy: "Name the folder of a log, as data_dir has it.")
        }
        planIdentity(look)
        left += look.report.damages.filter { !$0.file.hasSuffix(MetaProperties.fileName) && $0.file != path }
        planLostFolders(look)
        var marks: [SyncedEnd] = []
        for folder in look.folders {
            guard let topicID = folder.topicID else { continue }
            var partition = PartitionRepair(
                folder, topicID: topicID, mark: look.marks.mark(of: folder.name, topicID: topicID), aside: aside,
                now: time, on: disk)
            try partition.plan(look.marks.marks(of: folder.name))
            steps += partition.steps
            left += partition.left
            isUnfinished = isUnfinished || partition.isUnfinished
            if let mark = partition.newMark { marks.append(mark) }
        }
        try planMarks(look, marks)
        try planCheckpoints()
    }

    private mutating func planIdentity(_ look: FolderLook) {
        let file = path + "/" + MetaProperties.fileName
        guard let damage = look.report.damages.first(where: { $0.file == file }) else { return }
        guard let identity = look.identity else {
            return left.append(
                RecoveryReport.Damage(
                    file: file, offsets: damage.offsets, byte: 0,
                    cause: "\(damage.cause); \(SyncedEndsFile.fileName) does not tell whose log it is"))
        }
        steps.append(
            PlannedStep(.rebuild, file, because: "\(damage.cause); \(SyncedEndsFile.fileName) says \(identity)") {
                [aside, path] disk throws(DiskError) in
                try aside.take(file, on: disk)
                try disk.replace(file, with: MetaProperties(identity: identity).encoded, in: path)
            })
    }

    /// A partition whose folder is gone goes on where it ended, if another partition of its topic tells the name.
    private mutating func planLostFolders(_ look: FolderLook) {
        for mark in LogDirectory.lostMarks(look.marks.file, look.present) {
            guard let topic = look.folders.first(where: { $0.topicID == mark.topicID })?.name.topic else {
                left += LogDirectory.lostFolders([mark], path)
                continue
            }
            let name = TopicPartition(topic: topic, partition: mark.partition)
            let folder = path + "/\(name)"
            let lost = mark.logStart..<mark.syncedOffset
            let gap = KnownGap(
                topicID: mark.topicID, partition: mark.partition, offsets: lost, time: time,
                cause: "the folder was missing")
            steps.append(
                PlannedStep(
                    .recordGap, folder + "/" + SegmentName.gap(lost.lowerBound), of: name, lost,
                    because: "the folder is missing; the partition goes on behind what is lost"
                ) { [path] disk throws(DiskError) in
                    if try disk.kind(of: folder) == .absent { try disk.createDirectory(folder) }
                    try disk.syncDirectory(path)
                    try disk.replace(
                        folder + "/" + SegmentName.gap(lost.lowerBound), with: gap.encoded, in: folder)
                    // Last, because with it the folder is a partition's.
                    try disk.replace(
                        folder + "/" + PartitionMetadata.fileName,
                        with: PartitionMetadata(topicID: mark.topicID).encoded, in: folder)
                })
        }
    }

    private mutating func planMarks(_ look: FolderLook, _ marks: [SyncedEnd]) throws(DiskError) {
        guard let identity = look.identity else { return }
        let (path, file) = (path, path + "/" + SyncedEndsFile.fileName)
        if let found = look.marks.file {
            guard found.isHeaderDamaged else { return }
            steps.append(
                PlannedStep(.rebuild, file, because: "its header is damaged, its marks are good") {
                    disk throws(DiskError) in
                    try SyncedEndsFile(on: disk, in: path, identity: identity)?.rewrite()
                })
            return
        }
        steps.append(
            PlannedStep(.rebuild, file, because: "it is missing or damaged; \(marks.count) logs tell where they end") {
                [aside] disk throws(DiskError) in
                try aside.take(file, on: disk)
                try SyncedEndsFile.create(on: disk, in: path, identity: identity)
                guard let made = try SyncedEndsFile(on: disk, in: path, identity: identity) else {
                    throw DiskError("read back", file, errno: DiskError.differs)
                }
                for mark in marks { try made.stage(mark) }
                try made.sync()
            })
    }

    private mutating func planCheckpoints() throws(DiskError) {
        for name in OffsetCheckpoint.Name.allCases {
            let file = path + "/" + name.rawValue
            guard try disk.kind(of: file) == .file else { continue }
            let bytes = try disk.readable(file, limit: OffsetCheckpoint.sizeLimit)
            if bytes.flatMap({ OffsetCheckpoint(decoding: $0) }) != nil { continue }
            steps.append(
                PlannedStep(.setAside, file, because: "it is damaged; it is a cache and is written anew") {
                    [aside] disk throws(DiskError) in try aside.take(file, on: disk)
                })
        }
    }
}
