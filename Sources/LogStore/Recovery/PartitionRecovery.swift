import RecordFormat

/// Finds out how a partition's folder was left, and makes it fit for appends again.
///
/// Segments with a seal are taken at its word; of the last one only what lies above the durable mark is read. Above the
/// mark the log is cut at the first bad batch, below it nothing is ever cut (DESIGN D2).
struct PartitionRecovery {
    struct Outcome {
        var segments: [Segment]
        let file: any DiskFile
        let position: LogPosition
        var lastAppendTime: Timestamp
        /// Of the last segment; `nil` while it is empty or nobody noted it.
        let firstAppendTime: Timestamp?
        /// The highest that is known of.
        var leaderEpoch: Int32
        /// The oldest offset kept; it may lie inside the first segment, or before it where damage was found.
        let logStart: Offset
    }

    let disk: any Disk
    let path: String
    let topicID: Identifier
    let partition: Int32
    let mark: SyncedEnd?
    /// Where the log's marks are: a partition without one may have lost it, or was never synced far enough to get one.
    let marks: Marks
    var report = RecoveryReport()
    var segments: [Segment] = []
    /// The offset at which the next segment should begin.
    var expected: Offset = .zero
    var lastAppendTime: Timestamp
    var leaderEpoch: Int32
    var gaps = KnownGaps()
    /// What a compaction has left that was interrupted. A start finishes it first, and then there is none.
    var interrupted = InterruptedCompaction()
    /// Hears what is read.
    var meter: RecoveryProgress.Meter?

    struct Marks: Sendable {
        /// The file of the marks was there: who has none there was never synced far enough to get one.
        var areWhole = false
        /// A mark may have been there and be lost, one of two generations a time.
        var mayBeLost = true
        /// The log was left by a clean stop: what the marks say is all there is, and it is synced.
        var areOfCleanStop = false
        /// What Kafka's checkpoint files say of a partition that has lost its mark.
        var checkpointed = Checkpointed()
    }

    struct Checkpointed: Sendable {
        var logStart: Offset?
        /// Everything below was synced.
        var recoveryPoint: Offset?
    }

    init(
        disk: any Disk, path: String, topicID: Identifier, partition: Int32, mark: SyncedEnd?, marks: Marks = Marks()
    ) {
        self.disk = disk
        self.path = path
        self.topicID = topicID
        self.partition = partition
        self.mark = PlantedBug.cutBelowMark.isActive ? nil : mark
        self.marks = marks
        lastAppendTime = mark?.lastAppendTime ?? Timestamp(millisecondsSince1970: 0)
        leaderEpoch = mark?.leaderEpoch ?? 0
    }

    mutating func run() throws(DiskError) -> Outcome {
        let names = try finishCompaction(try disk.list(path))
        let outcome = try findEnd(names)
        let end = outcome.position.nextOffset
        if try ProducerSnapshots.remove(above: end, among: names, in: path, on: disk) { try disk.syncDirectory(path) }
        return outcome
    }

    /// - Returns: the names that there are then.
    private mutating func finishCompaction(_ names: [String]) throws(DiskError) -> [String] {
        let found = try InterruptedCompaction(names, in: path, topicID: topicID, partition: partition, on: disk)
        guard try found.finish(in: path, on: disk) else { return names }
        report.notes += found.swaps.map { swap in
            "\(name(swap.base)) was being compacted; its replacement up to offset \(swap.seal.nextOffset) was put in place."
        }
        return try disk.list(path)
    }

    private mutating func findEnd(_ names: [String]) throws(DiskError) -> Outcome {
        for name in names where name.hasSuffix(".tmp") || name.hasSuffix(".rewrite") {
            try disk.remove(path + "/" + name)
        }
        gaps = try KnownGaps(names, in: path, topicID: topicID, partition: partition, on: disk)
        let bases = try removeDeleted(names)
        begin(bases)
        let seals = try bases.map { base throws(DiskError) in try seal(of: base, among: names) }
        for (place, base) in bases.enumerated() {
            let isLast = place == bases.count - 1
            if base < expected {
                noteOverlap(base)
                continue
            }
            if isNameLost(before: base, seals[place...]) {
                try removeStale(names, from: expected)
                try setAside(Array(bases[place...]), behind: expected)
                break
            }
            noteMissing(upTo: base)
            if let seal = seals[place] {
                try takeSealed(base, seal)
            } else if !isLast, isAboveMark(base), !seals[place...].contains(where: { $0 != nil }) {
                if let outcome = try takeOpen(base, followedBy: Array(bases[(place + 1)...])) { return outcome }
            } else if !isLast {
                try takeUnsealed(base, next: bases[place + 1])
            } else if let outcome = try takeLast(base) {
                return outcome
            }
        }
        // Every segment is closed, or there is none: a new one begins where the offsets have never been.
        noteMissing(upTo: knownEnd)
        try removeStale(names, from: expected)
        return try begin(at: expected)
    }

    /// Goes to the first offset that should be there.
    mutating func begin(_ bases: [Offset]) {
        expected = bases.first ?? logStart
        guard let first = bases.first, first > logStart, hasLogStart else { return }
        expected = logStart
        noteMissing(upTo: first)
    }

    // MARK: What is known

    /// Without the segments that lie wholly below the log start.
    func kept(_ bases: [Offset]) -> [Offset] {
        // Only on the word of a mark. The log may have been cut to its last segment; that one stays, and with it the offsets
        // that have been.
        guard let mark, let firstKept = bases.last(where: { $0 <= mark.logStart }) ?? bases.first else { return bases }
        return bases.filter { $0 >= firstKept }
    }

    /// What is known of a segment.
    /// - Parameter place: its place among `bases`.
    func known(_ base: Offset, at place: Int, of bases: [Offset], _ seals: [SegmentSeal?]) -> KnownEnd {
        if let seal = seals[place] {
            return KnownEnd(.closed, seal.end, hasChecksum: true, witness: SegmentName.seal(base))
        }
        let next = place + 1 < bases.count ? bases[place + 1] : nil
        if let next, !isAboveMark(base) || seals[place...].contains(where: { $0 != nil }) {
            return KnownEnd(.closedOnce, begin(base, upTo: next), witness: "the next segment", next: next)
        }
        if let mark, mark.segmentBase > base {
            return KnownEnd(.closedOnce, begin(base, upTo: mark.segmentBase), witness: SyncedEndsFile.fileName)
        }
        if let mark, mark.segmentBase == base {
            return KnownEnd(.open, mark.end, hasChecksum: true, witness: SyncedEndsFile.fileName, next: next)
        }
        return KnownEnd(
            isMarkLost ? .unmarked : .open, begin(base, upTo: max(base, isMarkLost ? knownEnd : base)), next: next)
    }

    private func begin(_ base: Offset, upTo next: Offset) -> LogPosition {
        LogPosition(segmentBase: base, size: 0, checksum: 0, nextOffset: next)
    }

    /// From Kafka's checkpoint only where the mark is lost, and then nothing is deleted on its word.
    var logStart: Offset { mark?.logStart ?? lost.logStart ?? .zero }
    var hasLogStart: Bool { mark != nil || lost.logStart != nil }
    /// The offset up to which something was synced once.
    var knownEnd: Offset { mark?.syncedOffset ?? lost.recoveryPoint ?? .zero }
    /// The partition had a mark, as far as one can tell.
    var isMarkLost: Bool { mark == nil && (!marks.areWhole || lost.recoveryPoint != nil) }
    private var lost: Checkpointed { mark == nil && marks.mayBeLost ? marks.checkpointed : Checkpointed() }

    /// Whether the segment before `base` is one of a buffered partition that was never synced: the name of a later one has survived a
    /// power cut, and its own has not. The log ends before both.
    /// - Parameter seals: from `base` on.
    func isNameLost(before base: Offset, _ seals: ArraySlice<SegmentSeal?>) -> Bool {
        let lost = expected..<max(expected, base)
        if lost.isEmpty || isMarkLost || mark.map({ $0.syncedOffset > expected }) ?? !marks.areWhole { return false }
        // A later segment has a seal only once all names before it are durable.
        return seals.allSatisfy { $0 == nil } && gaps.overlapping(lost).isEmpty
    }

    func name(_ base: Offset) -> String { path + "/" + interrupted.logName(base) }

    func seal(of base: Offset, among names: [String]) throws(DiskError) -> SegmentSeal? {
        let name = interrupted.sealName(base)
        guard names.contains(name), let bytes = try disk.readable(path + "/" + name, limit: 4096),
            let seal = SegmentSeal(decoding: bytes)
        else { return nil }
        return seal.topicID == topicID && seal.partition == partition && seal.baseOffset == base ? seal : nil
    }

    // MARK: What is found

    func damage(_ base: Offset, _ offsets: Range<Offset>, _ byte: Int, _ cause: String) -> RecoveryReport.Damage {
        RecoveryReport.Damage(file: name(base), offsets: offsets, byte: byte, cause: cause)
    }

    mutating func note(_ damage: RecoveryReport.Damage) {
        guard damage.isLoss else { return report.damages.append(damage) }
        for gap in gaps.overlapping(damage.offsets).map({ $0.reported(in: path) })
        where !report.gaps.contains(gap) {
            report.gaps.append(gap)
        }
        for part in gaps.unknown(of: damage.offsets) where part.upperBound > logStart {
            var unknown = RecoveryReport.Damage(
                file: damage.file, offsets: max(part.lowerBound, logStart)..<part.upperBound, byte: damage.byte,
                cause: damage.cause)
            unknown.isUnreadable = damage.isUnreadable
            report.damages.append(unknown)
        }
    }

    /// A file whose offsets another one holds. Whose it is, is not known; it is left alone and not served.
    mutating func noteOverlap(_ base: Offset) {
        var damage = damage(base, base..<expected, 0, "its offsets belong to the segment before; it is not served")
        damage.isLoss = false
        damage.isOverlap = true
        report.damages.append(damage)
    }

    mutating func note(_ holes: [SegmentWalk.Hole], of base: Offset) {
        for hole in holes { note(damage(base, hole.offsets, hole.bytes.lowerBound, hole.cause)) }
    }

    mutating func noteMissing(upTo base: Offset) {
        if base <= expected { return }
        note(damage(expected, expected..<base, 0, "the segment is missing"))
        expected = base
    }
}

extension KnownGap {
    func reported(in folder: String) -> RecoveryReport.Gap {
        RecoveryReport.Gap(
            partition: TopicPartition(topic: "", partition: partition),
            file: folder + "/" + SegmentName.gap(offsets.lowerBound), offsets: offsets, cause: cause)
    }
}
