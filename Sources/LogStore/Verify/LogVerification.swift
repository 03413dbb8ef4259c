package import RecordFormat

/// Reads every byte of a log directory and says what is damaged. Changes nothing, not even the torn tail of a kill.
package struct LogVerification {
    package struct Result: Sendable {
        package var partitions = 0
        package var segments = 0
        package var batches = 0
        package var bytes = 0
        package var damages: [RecoveryReport.Damage] = []
        package var tornTails: [RecoveryReport.TornTail] = []
        package var notes: [String] = []
    }

    private let disk: any Disk
    private let path: String
    private let visit: (TopicPartition, ArraySlice<UInt8>) -> Void
    private var result = Result()

    /// Verifies the directory at `path`. An absent, empty or half-initialised folder is sound and holds nothing.
    ///
    /// - Parameter visit: called with every good batch, in order within a partition.
    /// - Throws: `.locked` while an edgebroker uses the folder; `.notADirectory`, `.refused`, `.storage`,
    /// `.newerFormat` or
    ///   `.foreignDirectory` when it cannot be read.
    package static func run(
        _ path: String, disk: any Disk, visit: @escaping (TopicPartition, ArraySlice<UInt8>) -> Void = { _, _ in }
    ) throws(LogStoreError) -> Result {
        var verification = LogVerification(disk: disk, path: path, visit: visit)
        do throws(DiskError) {
            switch try disk.kind(of: path) {
            case .absent:
                verification.result.notes.append("\(path) does not exist.")
                return verification.result
            case .file, .other:
                throw DiskError("open folder", path, errno: DiskError.notADirectory)
            case .directory: break
            }
        } catch {
            throw LogStoreError("Cannot read \(path)", error)
        }
        let lock = try verification.takeLock()
        defer { lock?.release() }
        try verification.run()
        return verification.result
    }

    private init(disk: any Disk, path: String, visit: @escaping (TopicPartition, ArraySlice<UInt8>) -> Void) {
        self.disk = disk
        self.path = path
        self.visit = visit
    }

    /// Only a lock file that is there is locked: to make one would be a change.
    private func takeLock() throws(LogStoreError) -> (any DiskLock)? {
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
            let names = try disk.list(path)
            let file = path + "/" + MetaProperties.fileName
            guard let bytes = try disk.contents(of: file, limit: 64 << 10) else {
                let folders = LogDirectory.partitionFolders(names)
                if folders.isEmpty {
                    result.notes.append("\(path) holds no log yet.")
                } else {
                    result.damages.append(
                        RecoveryReport.Damage(
                            file: file, offsets: .zero..<Offset(1), byte: 0, cause: "the file is missing"))
                }
                return
            }
            let identity = try MetaProperties(decoding: bytes, path: file).identity
            let marks = try SyncedEndsFile(on: disk, in: path, identity: identity, mode: .read)
            if marks == nil {
                result.notes.append(
                    "\(SyncedEndsFile.fileName) is missing or damaged: rot in the newest segments may pass for torn tails."
                )
            } else if let damaged = marks?.damagedSlots, damaged > 0 {
                result.notes.append("\(damaged) slots of \(SyncedEndsFile.fileName) are damaged.")
            }
            var seen: Set<SyncedEndsFile.Key> = []
            for (name, folder) in LogDirectory.partitionFolders(names) {
                let folderPath = path + "/" + folder
                guard try disk.kind(of: folderPath) == .directory else { continue }
                let id = try topicID(folderPath)
                if let id { seen.insert(SyncedEndsFile.Key(topicID: id, partition: name.partition)) }
                try verify(
                    name, folderPath, topicID: id,
                    mark: id.flatMap { marks?.mark(topicID: $0, partition: name.partition) })
            }
            for mark in marks?.marks ?? []
            where mark.syncedOffset.rawValue > 0
                && !seen.contains(SyncedEndsFile.Key(topicID: mark.topicID, partition: mark.partition))
            {
                result.damages.append(
                    RecoveryReport.Damage(
                        file: path, offsets: .zero..<mark.syncedOffset, byte: 0,
                        cause:
                            "the folder of partition \(mark.partition) of the topic with id \(mark.topicID) is missing")
                )
            }
        } catch let error as DiskError {
            throw LogStoreError("Cannot read \(path)", error)
        } catch let error as LogStoreError {
            throw error
        } catch {
            preconditionFailure("Verifying throws only the disk's and the log's errors: \(error)")
        }
    }

    private mutating func topicID(_ folder: String) throws(DiskError) -> Identifier? {
        let file = folder + "/" + PartitionMetadata.fileName
        if let bytes = try disk.contents(of: file, limit: 4096), let metadata = PartitionMetadata(decoding: bytes) {
            return metadata.topicID
        }
        for name in try disk.list(folder).sorted() where SegmentName.base(of: name, suffix: ".seal") != nil {
            if let bytes = try disk.contents(of: folder + "/" + name, limit: 4096),
                let seal = SegmentSeal(decoding: bytes)
            {
                result.notes.append("\(file) is missing or damaged; the next start writes it anew from a seal.")
                return seal.topicID
            }
        }
        return nil
    }

    private mutating func verify(
        _ name: TopicPartition, _ folder: String, topicID: Identifier?, mark: SyncedEnd?
    ) throws(DiskError) {
        let bases = try disk.list(folder).compactMap { SegmentName.base(of: $0, suffix: ".log") }.sorted()
        guard let topicID else {
            for base in bases {
                let file = folder + "/" + SegmentName.log(base)
                if try disk.open(file, .read).size() == 0 { continue }
                result.damages.append(
                    RecoveryReport.Damage(
                        file: file, offsets: base..<base.advanced(by: 1), byte: 0,
                        cause: "\(PartitionMetadata.fileName) is missing or damaged, so nothing of \(name) is served"))
            }
            return
        }
        result.partitions += 1
        var expected = bases.first ?? .zero
        for (place, base) in bases.enumerated() {
            noteMissing(expected, upTo: base, folder)
            if base < expected {
                result.damages.append(
                    RecoveryReport.Damage(
                        file: folder + "/" + SegmentName.log(base), offsets: base..<expected, byte: 0,
                        cause: "its offsets belong to the segment before"))
                continue
            }
            let next = place + 1 < bases.count ? bases[place + 1] : nil
            var segment = SegmentVerification(
                disk: disk, folder: folder, base: base, next: next, topicID: topicID, partition: name.partition,
                mark: mark)
            expected = try segment.run { visit(name, $0) }
            result.segments += 1
            result.batches += segment.batches
            result.bytes += segment.bytes
            result.damages += segment.damages
            result.tornTails += segment.tornTails
            result.notes += segment.notes
        }
        if let mark { noteMissing(expected, upTo: mark.syncedOffset, folder) }
    }

    private mutating func noteMissing(_ expected: Offset, upTo base: Offset, _ folder: String) {
        if base <= expected { return }
        result.damages.append(
            RecoveryReport.Damage(
                file: folder + "/" + SegmentName.log(expected), offsets: expected..<base, byte: 0,
                cause: "the segment is missing"))
    }
}
