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
    let deleted: [DeletedFolder]
    var report: RecoveryReport
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
        let reserve = SpaceReserve(disk, in: path, bytes: configuration.reserveBytes)
        do throws(LogStoreError) {
            let opened = try recover(configuration, lock, reserve, disk: disk, random: random)
            return LogDirectory(configuration, disk: disk, clock: clock, opened: opened, reserve: reserve)
        } catch {
            lock.release()
            throw error
        }
    }

    /// Where the disk is full, once more with the reserve given back: a recovery that is cut short can be made again.
    private static func recover(
        _ configuration: LogDirectoryConfiguration, _ lock: any DiskLock, _ reserve: SpaceReserve, disk: any Disk,
        random: () -> UInt64
    ) throws(LogStoreError) -> OpenedFolder {
        do throws(LogStoreError) {
            return try recover(configuration, lock, disk: disk, random: random)
        } catch {
            guard error.code == .noSpace, reserve.release() else { throw error }
        }
        var opened = try recover(configuration, lock, disk: disk, random: random)
        opened.report.notes.append("The disk is full; the log was opened with what was kept in reserve.")
        return opened
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
    static func syncFolders(above path: String, on disk: any Disk) throws(DiskError) {
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
}
