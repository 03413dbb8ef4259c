package import RecordFormat

/// Reads every byte of a log directory and says what is damaged. Changes nothing, not even the torn tail of a kill.
package struct LogVerification {
    package struct Result: Sendable {
        package var partitions = 0
        package var segments = 0
        package var batches = 0
        /// Of good batches.
        package var bytes = 0
        /// What is there; nothing was done about it.
        package var report = RecoveryReport()
        /// Where partitions begin by their durable mark: records below were deleted, by retention or because somebody asked for it.
        package var logStarts: [TopicPartition: Offset] = [:]

        package var damages: [RecoveryReport.Damage] { report.damages }
        package var tornTails: [RecoveryReport.TornTail] { report.tornTails }
        package var gaps: [RecoveryReport.Gap] { report.gaps }
        package var notes: [String] { report.notes }
    }

    package struct Progress: Sendable {
        /// What is being read.
        package let partition: TopicPartition
        package let bytes: Int
        package let ofBytes: Int
    }

    private let disk: any Disk
    private let path: String
    private let visit: ((TopicPartition, ArraySlice<UInt8>) -> Void)?
    private let progress: (Progress) -> Void
    private var result = Result()

    /// Verifies the directory at `path`. An absent, empty or half-initialised folder is sound and holds nothing.
    ///
    /// - Parameters:
    ///   - visit: called with every good batch, in order within a partition.
    ///   - progress: called before each segment.
    /// - Throws: `.locked` while an edgebroker uses the folder; `.notADirectory`, `.refused`, `.storage`,
    ///   `.newerFormat` or `.foreignDirectory` when it cannot be read.
    package static func run(
        _ path: String, disk: any Disk, visit: ((TopicPartition, ArraySlice<UInt8>) -> Void)? = nil,
        progress: @escaping (Progress) -> Void = { _ in }
    ) throws(LogStoreError) -> Result {
        var verification = LogVerification(disk: disk, path: path, progress: progress, visit: visit)
        guard try isFolder(path, disk: disk) else {
            verification.result.report.notes.append("\(path) does not exist.")
            return verification.result
        }
        let lock = try lockIfThere(path, disk: disk)
        defer { lock?.release() }
        try verification.run()
        return verification.result
    }

    private init(
        disk: any Disk, path: String, progress: @escaping (Progress) -> Void,
        visit: ((TopicPartition, ArraySlice<UInt8>) -> Void)?
    ) {
        self.disk = disk
        self.path = path
        self.progress = progress
        self.visit = visit
    }

    /// - Returns: `false` if nothing is there.
    static func isFolder(_ path: String, disk: any Disk) throws(LogStoreError) -> Bool {
        do throws(DiskError) {
            switch try disk.kind(of: path) {
            case .absent: return false
            case .directory: return true
            case .file, .other: throw DiskError("open folder", path, errno: DiskError.notADirectory)
            }
        } catch {
            throw LogStoreError("Cannot read \(path)", error)
        }
    }

    /// Only a lock file that is there is locked: to make one would be a change.
    static func lockIfThere(_ path: String, disk: any Disk) throws(LogStoreError) -> (any DiskLock)? {
        let file = path + "/" + LogDirectory.lockName
        do throws(DiskError) {
            guard try disk.kind(of: file) == .file else { return nil }
            if let lock = try disk.lock(file) { return lock }
        } catch {
            if error.isRefused { return nil }
            throw LogStoreError("Cannot lock \(path)", error)
        }
        throw LogStoreError(
            .locked, "\(path) is in use by an edgebroker.",
            remedy: "Stop it first: a log that is being written cannot be verified.")
    }

    private mutating func run() throws(LogStoreError) {
        do {
            guard let look = try FolderLook(path, disk: disk) else {
                result.report.notes.append("\(path) holds no log yet.")
                return
            }
            result.report.add(look.report)
            let total = try look.folders.reduce(0) { try $0 + Self.size(of: $1.path, disk: disk) }
            var read = 0
            for folder in look.folders {
                guard let topicID = folder.topicID else { continue }
                var partition = PartitionVerification(
                    disk: disk, path: folder.path, name: folder.name, topicID: topicID,
                    mark: look.marks.mark(of: folder.name, topicID: topicID), marks: look.marks.marks(of: folder.name))
                let visitor = visit.map { visit in { visit(folder.name, $0) } }
                try partition.run(visitor) { size in
                    progress(Progress(partition: folder.name, bytes: read, ofBytes: total))
                    read += size
                }
                result.partitions += 1
                result.segments += partition.segments
                result.batches += partition.batches
                result.bytes += partition.bytes
                result.report.add(partition.report, of: folder.name)
                result.logStarts[folder.name] = partition.durableLogStart
            }
            result.report.notes += try CheckpointCheck.notes(of: look, in: path, disk: disk)
        } catch let error as DiskError {
            throw LogStoreError("Cannot read \(path)", error)
        } catch let error as LogStoreError {
            throw error
        } catch {
            preconditionFailure("Verifying throws only the disk's and the log's errors: \(error)")
        }
    }

    private static func size(of folder: String, disk: any Disk) throws(DiskError) -> Int {
        var size = 0
        for name in try disk.list(folder) where SegmentName.base(of: name, suffix: ".log") != nil {
            let file = try disk.open(folder + "/" + name, .read)
            defer { file.close() }
            size += try file.size()
        }
        return size
    }
}
