import RecordFormat

/// Reads one partition's folder whole and says what the next start would find in it.
struct PartitionVerification {
    let disk: any Disk
    let path: String
    let name: TopicPartition
    let topicID: Identifier

    private(set) var segments = 0
    private(set) var batches = 0
    private(set) var bytes = 0
    private(set) var report = RecoveryReport()
    private var firstBase: Offset?
    /// As the batches tell.
    private var epochs = LeaderEpochs()
    /// Answers what is known; it is never run.
    private var recovery: PartitionRecovery

    init(
        disk: any Disk, path: String, name: TopicPartition, topicID: Identifier, mark: SyncedEnd?,
        marks: PartitionRecovery.Marks
    ) {
        self.disk = disk
        self.path = path
        self.name = name
        self.topicID = topicID
        recovery = PartitionRecovery(
            disk: disk, path: path, topicID: topicID, partition: name.partition, mark: mark, marks: marks)
    }

    /// The oldest offset kept, or where what is there begins.
    var logStart: Offset { durableLogStart ?? firstBase ?? .zero }

    /// The oldest offset kept, if something durable tells it.
    var durableLogStart: Offset? { recovery.hasLogStart ? recovery.logStart : nil }

    /// - Parameters:
    ///   - willRead: called with the size of each segment before it is read.
    ///   - inspect: called with each segment after it was read.
    mutating func run(
        _ visit: ((ArraySlice<UInt8>) -> Void)?, willRead: (Int) -> Void,
        inspect: (SegmentVerification) throws(DiskError) -> Void = { _ in }
    ) throws(DiskError) {
        let names = try disk.list(path)
        recovery.gaps = try KnownGaps(names, in: path, topicID: topicID, partition: name.partition, on: disk)
        recovery.interrupted = try InterruptedCompaction(
            names, in: path, topicID: topicID, partition: name.partition, on: disk)
        let all = recovery.interrupted.bases(among: names)
        let bases = recovery.kept(all)
        noteLeftovers(names, deleted: all.count - bases.count)
        firstBase = bases.first
        recovery.begin(bases)
        let seals = try bases.map { base throws(DiskError) in try recovery.seal(of: base, among: names) }
        var isTorn = false
        for (place, base) in bases.enumerated() {
            let expected = recovery.expected
            if base < expected {
                recovery.noteOverlap(base)
                continue
            }
            if isTorn {
                noteTorn(base, size: try size(of: base))
                continue
            }
            if recovery.isNameLost(before: base, seals[place...]) {
                isTorn = true
                noteTorn(base, size: try size(of: base))
                continue
            }
            recovery.noteMissing(upTo: base)
            let known = recovery.known(base, at: place, of: bases, seals)
            var segment = SegmentVerification(
                disk: disk, folder: path, base: base, known: known, log: recovery.interrupted.logName(base))
            let file = try disk.open(recovery.name(base), .read)
            defer { file.close() }
            willRead(try file.size())
            do throws(DiskError) {
                try segment.run(file, visit)
            } catch {
                if !error.isUnreadable { throw error }
                segment.noteUnreadable(error)
            }
            try inspect(segment)
            for damage in segment.damages { recovery.note(damage) }
            segment.epochs.add(to: &epochs)
            recovery.report.notes += segment.notes
            recovery.report.tornTails += segment.tornTails
            isTorn = segment.isTorn
            recovery.expected = segment.nextOffset
            segments += 1
            batches += segment.batches
            bytes += segment.bytes
            if let seal = seals[place], segment.damages.isEmpty { try noteIndexes(seal) }
        }
        if !isTorn { recovery.noteMissing(upTo: recovery.knownEnd) }
        recovery.report.notes += try CheckpointCheck.notes(
            of: ProducerStates.Owner(topicID: topicID, partition: name.partition), in: path, logEnd: recovery.expected,
            recovery.report.damages.isEmpty ? epochs : nil, names, disk: disk)
        report = recovery.report
    }

    private func size(of base: Offset) throws(DiskError) -> Int {
        let file = try disk.open(recovery.name(base), .read)
        defer { file.close() }
        return try file.size()
    }

    private mutating func noteLeftovers(_ names: [String], deleted: Int) {
        if deleted > 0 {
            recovery.report.notes.append(
                "\(path) has \(deleted) segments below the log start \(recovery.logStart); the next start removes them."
            )
        }
        for swap in recovery.interrupted.swaps {
            recovery.report.notes.append(
                "\(path)/\(SegmentName.log(swap.base)) was being compacted; the next start puts its replacement up to offset \(swap.seal.nextOffset) in place."
            )
        }
        for name in recovery.interrupted.leftovers {
            recovery.report.notes.append("\(path)/\(name) was being written; the next start removes it.")
        }
        for name in names.sorted() {
            if name.hasSuffix(".tmp") || name.hasSuffix(".rewrite") {
                recovery.report.notes.append("\(path)/\(name) was being written; the next start removes it.")
            } else if name.hasSuffix(".torn") {
                recovery.report.notes.append("\(path)/\(name) has what an earlier start cut from the end of the log.")
            }
        }
    }

    private mutating func noteTorn(_ base: Offset, size: Int) {
        recovery.report.tornTails.append(
            RecoveryReport.TornTail(
                file: recovery.name(base), byte: 0, count: size, cause: "the segment before it ends too early"))
    }

    private mutating func noteIndexes(_ seal: SegmentSeal) throws(DiskError) {
        guard let sealed = seal.indexes else { return }
        let loaded = try SegmentIndexes.load(
            disk, folder: path, base: seal.baseOffset, logSize: Int(seal.logSize), endOffset: seal.nextOffset,
            sealed: sealed)
        if loaded == nil {
            recovery.report.notes.append(
                "\(path)/\(SegmentName.index(seal.baseOffset)), or an index beside it, is missing, damaged or another segment's; the log is read without them."
            )
        }
    }
}
