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
        let lastAppendTime: Timestamp
        /// Of the last segment; `nil` while it is empty or nobody noted it.
        let firstAppendTime: Timestamp?
        /// The highest that is known of.
        var leaderEpoch: Int32
        /// The oldest offset kept; it may lie inside the first segment.
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

    struct Marks {
        /// Every mark that was ever written is known.
        var areWhole = false
        /// The log was left by a clean stop: what the marks say is all there is, and it is synced.
        var areOfCleanStop = false
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
        let names = try disk.list(path)
        let outcome = try findEnd(names)
        let end = outcome.position.nextOffset
        if try ProducerSnapshots.remove(above: end, among: names, in: path, on: disk) { try disk.syncDirectory(path) }
        return outcome
    }

    private mutating func findEnd(_ names: [String]) throws(DiskError) -> Outcome {
        for name in names where name.hasSuffix(".tmp") || name.hasSuffix(".rewrite") {
            try disk.remove(path + "/" + name)
        }
        let bases = try removeDeleted(names)
        expected = bases.first ?? .zero
        if let mark, let first = bases.first, first > mark.logStart {
            expected = mark.logStart
            noteMissing(upTo: first)
        }
        let isSealed = try bases.map { base throws(DiskError) in try seal(of: base) != nil }
        for (place, base) in bases.enumerated() {
            let isLast = place == bases.count - 1
            if base < expected {
                report.damages.append(
                    damage(base, base..<expected, 0, "its offsets belong to the segment before; it is not served"))
                continue
            }
            noteMissing(upTo: base)
            if let seal = try seal(of: base) {
                try takeSealed(base, seal)
            } else if !isLast, isAboveMark(base), !isSealed[place...].contains(true) {
                if let outcome = try takeOpen(base, followedBy: Array(bases[(place + 1)...])) { return outcome }
            } else if !isLast {
                try takeUnsealed(base, next: bases[place + 1])
            } else if let outcome = try takeLast(base) {
                return outcome
            }
        }
        // Every segment is closed, or there is none: a new one begins where the offsets have never been.
        if let mark, mark.syncedOffset > expected { noteMissing(upTo: mark.syncedOffset) }
        return try begin(at: expected)
    }

    func name(_ base: Offset) -> String { path + "/" + SegmentName.log(base) }

    func damage(_ base: Offset, _ offsets: Range<Offset>, _ byte: Int, _ cause: String) -> RecoveryReport.Damage {
        RecoveryReport.Damage(file: name(base), offsets: offsets, byte: byte, cause: cause)
    }

    private mutating func noteMissing(upTo base: Offset) {
        if base > expected { report.damages.append(damage(expected, expected..<base, 0, "the segment is missing")) }
        expected = base
    }

    private func seal(of base: Offset) throws(DiskError) -> SegmentSeal? {
        let file = path + "/" + SegmentName.seal(base)
        guard let bytes = try disk.contents(of: file, limit: 4096), let seal = SegmentSeal(decoding: bytes) else {
            return nil
        }
        return seal.topicID == topicID && seal.partition == partition && seal.baseOffset == base ? seal : nil
    }

    // MARK: Closed segments

    private mutating func takeSealed(_ base: Offset, _ seal: SegmentSeal) throws(DiskError) {
        let file = try disk.open(name(base), .read)
        let size = try file.size()
        var readable = LogPosition(
            segmentBase: base, size: Int(seal.logSize), checksum: seal.logChecksum, nextOffset: seal.nextOffset)
        if size > readable.size {
            report.notes.append(
                "\(name(base)) is \(size - readable.size) bytes longer than its seal says; they are not served.")
        } else if size < readable.size {
            readable = try lastGood(in: file, size: size, base: base)
            report.damages.append(
                damage(
                    base, readable.nextOffset..<seal.nextOffset, readable.size,
                    "the file has \(size) bytes, its seal says \(seal.logSize)"))
        }
        take(readable, appendTimes: seal.smallestAppendTime...seal.largestAppendTime)
        expected = seal.nextOffset
        lastAppendTime = max(lastAppendTime, seal.largestAppendTime)
    }

    /// A segment that must have had a seal: it is damaged or lost. The segment is read whole to learn what it holds.
    mutating func takeUnsealed(_ base: Offset, next: Offset) throws(DiskError) {
        let file = try disk.open(name(base), .read)
        let size = try file.size()
        let good = try lastGood(in: file, size: size, base: base)
        if good.size == size, good.nextOffset == next {
            report.notes.append("\(path)/\(SegmentName.seal(base)) was missing or damaged and is written anew.")
            let seal = SegmentSeal(
                topicID: topicID, partition: partition, logChecksum: good.checksum, baseOffset: base, nextOffset: next,
                logSize: Int64(size), smallestAppendTime: lastAppendTime, largestAppendTime: lastAppendTime)
            try disk.replace(path + "/" + SegmentName.seal(base), with: seal.encoded, in: path)
        } else {
            report.damages.append(
                damage(
                    base, good.nextOffset..<max(next, good.nextOffset), good.size,
                    "it has neither a seal nor whole batches"))
        }
        take(LogPosition(segmentBase: base, size: size, checksum: 0, nextOffset: max(next, good.nextOffset)))
        expected = max(next, good.nextOffset)
    }

    mutating func take(_ end: LogPosition, appendTimes: ClosedRange<Timestamp>? = nil) {
        segments.append(
            Segment(
                base: end.segmentBase, path: name(end.segmentBase), size: end.size, nextOffset: end.nextOffset,
                appendTimes: appendTimes))
    }

    mutating func lastGood(
        in file: any DiskFile, size: Int, base: Offset
    ) throws(DiskError) -> LogPosition {
        var scanner = BatchScanner(file, from: 0, to: size, expecting: base)
        while case .good = try scanner.next() {}
        report.scannedBytes += scanner.position
        return LogPosition(
            segmentBase: base, size: scanner.position, checksum: scanner.checksum, nextOffset: scanner.expected)
    }
}
