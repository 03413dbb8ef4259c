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
        let leaderEpoch: Int32
        /// The oldest offset kept; it may lie inside the first segment.
        let logStart: Offset
    }

    let disk: any Disk
    let path: String
    let topicID: Identifier
    let partition: Int32
    let mark: SyncedEnd?
    private(set) var report = RecoveryReport()
    private var segments: [Segment] = []
    /// The offset at which the next segment should begin.
    private var expected: Offset = .zero
    private var lastAppendTime: Timestamp

    init(disk: any Disk, path: String, topicID: Identifier, partition: Int32, mark: SyncedEnd?) {
        self.disk = disk
        self.path = path
        self.topicID = topicID
        self.partition = partition
        self.mark = PlantedBug.cutBelowMark.isActive ? nil : mark
        lastAppendTime = mark?.lastAppendTime ?? Timestamp(millisecondsSince1970: 0)
    }

    mutating func run() throws(DiskError) -> Outcome {
        let names = try disk.list(path)
        for name in names where name.hasSuffix(".tmp") || name.hasSuffix(".rewrite") {
            try disk.remove(path + "/" + name)
        }
        let bases = names.compactMap { SegmentName.base(of: $0, suffix: ".log") }.sorted()
        expected = bases.first ?? .zero
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

    private func name(_ base: Offset) -> String { path + "/" + SegmentName.log(base) }

    private func damage(_ base: Offset, _ offsets: Range<Offset>, _ byte: Int, _ cause: String) -> RecoveryReport.Damage
    {
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
    private mutating func takeUnsealed(_ base: Offset, next: Offset) throws(DiskError) {
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

    private mutating func take(_ end: LogPosition, appendTimes: ClosedRange<Timestamp>? = nil) {
        segments.append(
            Segment(
                base: end.segmentBase, path: name(end.segmentBase), size: end.size, nextOffset: end.nextOffset,
                index: nil, file: nil, appendTimes: appendTimes))
    }

    private mutating func lastGood(
        in file: any DiskFile, size: Int, base: Offset
    ) throws(DiskError) -> LogPosition {
        var scanner = BatchScanner(file, from: 0, to: size, expecting: base)
        while case .good = try scanner.next() {}
        report.scannedBytes += scanner.position
        return LogPosition(
            segmentBase: base, size: scanner.position, checksum: scanner.checksum, nextOffset: scanner.expected)
    }

    // MARK: The last segment

    /// - Returns: `nil` if the segment cannot be appended to and a new one must follow.
    private mutating func takeLast(_ base: Offset) throws(DiskError) -> Outcome? {
        let file = try disk.open(name(base), .readWrite)
        let size = try file.size()
        if let mark, mark.segmentBase > base {
            // Later segments are gone, so this one was closed once, whatever became of its seal.
            let good = try lastGood(in: file, size: size, base: base)
            if good.size < size {
                report.damages.append(
                    damage(
                        base, good.nextOffset..<mark.segmentBase, good.size, "it has neither a seal nor whole batches"))
            }
            take(good)
            expected = good.nextOffset
            return nil
        }
        var floor = LogPosition(segmentBase: base, size: 0, checksum: 0, nextOffset: base)
        if let mark, mark.segmentBase == base {
            floor.size = Int(mark.syncedLength)
            floor.checksum = mark.logChecksum
            floor.nextOffset = mark.syncedOffset
        }
        if size < floor.size {
            let good = try lastGood(in: file, size: size, base: base)
            report.damages.append(
                damage(
                    base, good.nextOffset..<max(floor.nextOffset, good.nextOffset), good.size,
                    "the file has \(size) bytes, \(floor.size) were synced"))
            take(good)
            expected = max(floor.nextOffset, good.nextOffset)
            return nil
        }
        let end = try cutTail(of: file, size: size, above: floor)
        // Before anybody sees or appends to them: names may be in the page cache only, a rewritten segment's too, and so may
        // bytes above the mark, and a size to which the process before had cut the file.
        if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(path) }
        try rewrite(file, from: floor.size, to: end.size)
        try file.sync()
        segments.append(
            Segment(base: base, path: name(base), size: end.size, nextOffset: end.nextOffset, index: nil, file: file))
        if end.size == 0 { segments[segments.count - 1].index = OffsetIndex() }
        return outcome(file, end)
    }

    /// Writes bytes over themselves, so that the next sync carries them to the medium. The process before may have died of
    /// a failed sync: then the kernel counts them as clean, and would sync nothing (DESIGN D3).
    private func rewrite(_ file: any DiskFile, from start: Int, to end: Int) throws(DiskError) {
        var position = start
        while position < end {
            let bytes = try file.bytes(at: position, count: min(1 << 20, end - position))
            if bytes.isEmpty { throw DiskError("read", file.path, errno: DiskError.endedEarly) }
            try file.writeAll(bytes, at: position)
            position += bytes.count
        }
    }

    private mutating func cutTail(
        of file: any DiskFile, size: Int, above floor: LogPosition
    ) throws(DiskError) -> LogPosition {
        var scanner = BatchScanner(
            file, from: floor.size, to: size, expecting: floor.nextOffset, checksum: floor.checksum)
        var cause: String?
        scan: while true {
            switch try scanner.next() {
            case .good: continue
            case .end: break scan
            case .bad(let reason):
                cause = reason
                break scan
            }
        }
        let end = LogPosition(
            segmentBase: floor.segmentBase, size: scanner.position, checksum: scanner.checksum,
            nextOffset: scanner.expected)
        report.scannedBytes += scanner.position - floor.size
        guard let cause else { return end }
        let torn = path + "/" + SegmentName.torn(floor.segmentBase, at: end.size)
        do throws(DiskError) {
            try keep(file, from: end.size, to: size, as: torn)
        } catch {
            // A full disk must not keep the log from opening; nothing acknowledged is in these bytes.
            if !error.isNoSpace { throw error }
            report.notes.append("No room to keep the torn bytes of \(name(floor.segmentBase)): \(error).")
        }
        try file.truncate(to: end.size)
        report.tornTails.append(
            RecoveryReport.TornTail(file: name(floor.segmentBase), byte: end.size, count: size - end.size, cause: cause)
        )
        return end
    }

    /// Copies the bytes that are about to be cut, for whoever wants to know what was lost.
    private func keep(_ file: any DiskFile, from start: Int, to end: Int, as path: String) throws(DiskError) {
        let torn = try disk.open(path, .createEmpty)
        var position = start
        while position < end {
            let bytes = try file.bytes(at: position, count: min(1 << 20, end - position))
            if bytes.isEmpty { break }
            try torn.writeAll(bytes, at: position - start)
            position += bytes.count
        }
        try torn.sync()
        try disk.syncDirectory(self.path)
    }

    private mutating func begin(at base: Offset) throws(DiskError) -> Outcome {
        let file = try disk.open(name(base), .createEmpty)
        if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(path) }
        segments.append(
            Segment(base: base, path: name(base), size: 0, nextOffset: base, index: OffsetIndex(), file: file))
        let start = LogPosition(segmentBase: base, size: 0, checksum: 0, nextOffset: base)
        return outcome(file, start)
    }

    private func outcome(_ file: any DiskFile, _ end: LogPosition) -> Outcome {
        var first: Timestamp?
        if let mark, mark.segmentBase == end.segmentBase, mark.firstAppendTime.millisecondsSince1970 > 0 {
            first = mark.firstAppendTime
        }
        return Outcome(
            segments: segments, file: file, position: end, lastAppendTime: lastAppendTime, firstAppendTime: first,
            leaderEpoch: mark?.leaderEpoch ?? 0, logStart: mark?.logStart ?? .zero)
    }
}
