import RecordFormat

/// The end of a partition: what lies above the durable mark is read, and cut at the first bad frame.
extension PartitionRecovery {
    /// - Returns: `nil` if the segment cannot be appended to and a new one must follow.
    mutating func takeLast(_ base: Offset) throws(DiskError) -> Outcome? {
        let file = try disk.open(name(base), .readWrite)
        let size = try file.size()
        if let mark, mark.segmentBase > base {
            // Later segments are gone, so this one was closed once, whatever became of its seal.
            try takeUnsealed(base, next: mark.segmentBase)
            return nil
        }
        let floor = floor(of: base)
        let isForeign = try floor.isForeign(to: file, size: size)
        if isForeign || size < floor.size {
            try takeMarked(file, size: size, floor, isForeign: isForeign)
            return nil
        }
        if isMarkLost, try takeUnmarked(file, size: size, base: base) { return nil }
        let end = try cutTail(of: file, size: size, above: floor)
        if !(marks.areOfCleanStop && mark != nil && size == floor.size) {
            // Before anybody sees or appends to them: names may be in the page cache only, a rewritten segment's too, and so
            // may bytes above the mark, and a size to which the process before had cut the file.
            if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(path) }
            try rewrite(file, from: floor.size, to: end.size)
            if !PlantedBug.tailUnsynced.isActive { try file.sync() }
        }
        segments.append(
            Segment(base: base, path: name(base), size: end.size, nextOffset: end.nextOffset, file: file))
        if end.size == 0 { segments[segments.count - 1].indexes = SegmentIndexes() }
        return outcome(file, end)
    }

    /// The active segment has lost what its mark says, or is another file. It is closed with a seal that says what the mark said:
    /// every later start holds the file against it, and it can be put back.
    private mutating func takeMarked(
        _ file: any DiskFile, size: Int, _ floor: LogPosition, isForeign: Bool
    ) throws(DiskError) {
        let base = floor.segmentBase
        // Batches of another file may be good and have offsets of this one: none of them is served.
        if !isForeign {
            let walk = try walked(file, base: base, size: size, next: floor.nextOffset)
            note(walk.holes(upTo: floor.nextOffset, cause: Self.tooShort(size, floor.size)), of: base)
            take(LogPosition(segmentBase: base, size: size, checksum: 0, nextOffset: floor.nextOffset))
        } else {
            note(damage(base, base..<floor.nextOffset, 0, LogPosition.otherFile))
        }
        expected = floor.nextOffset
        let first = mark.map(\.firstAppendTime) ?? lastAppendTime
        try seal(floor, appendTimes: min(first, lastAppendTime)...lastAppendTime)
    }

    /// The last segment of a partition whose mark is lost. Where good batches follow a bad one, or less is there than was
    /// synced once, nothing is cut: without the mark nobody can say that it was not acknowledged.
    /// - Returns: whether it was taken so, and a new segment must follow.
    private mutating func takeUnmarked(_ file: any DiskFile, size: Int, base: Offset) throws(DiskError) -> Bool {
        let walk = try walked(file, base: base, size: size, next: .unknownEnd)
        let next = max(walk.end.nextOffset, knownEnd)
        if walk.holes.isEmpty, walk.end.nextOffset == next { return false }
        note(walk.holes(upTo: next, cause: "the segment ends there"), of: base)
        take(LogPosition(segmentBase: base, size: size, checksum: 0, nextOffset: next))
        expected = next
        return true
    }

    /// What of a segment is known to be synced.
    private func floor(of base: Offset) -> LogPosition {
        guard let mark, mark.segmentBase == base else {
            return LogPosition(segmentBase: base, size: 0, checksum: 0, nextOffset: base)
        }
        return mark.end
    }

    /// Whether nothing behind `base` is known to be synced, so that a bad frame there is a torn tail.
    func isAboveMark(_ base: Offset) -> Bool { mark.map { $0.segmentBase <= base } ?? marks.areWhole }

    /// A full segment of a buffered partition whose turn to be synced and sealed had not come. Where it is whole, that is done
    /// now; where it is not, the log ends in it, and what follows is set aside.
    /// - Returns: `nil` if the log goes on with the next one.
    mutating func takeOpen(_ base: Offset, followedBy rest: [Offset]) throws(DiskError) -> Outcome? {
        let file = try disk.open(name(base), .readWrite)
        let size = try file.size()
        let floor = floor(of: base)
        if size < floor.size {
            try takeUnsealed(base, next: rest[0])
            return nil
        }
        let end = try cutTail(of: file, size: size, above: floor)
        try rewrite(file, from: floor.size, to: end.size)
        try file.sync()
        if end.nextOffset == rest[0] {
            // Nobody has noted when it was written; the time of the last mark is not too late.
            try seal(end, appendTimes: lastAppendTime...lastAppendTime)
            take(end, appendTimes: lastAppendTime...lastAppendTime)
            expected = end.nextOffset
            return nil
        }
        try setAside(rest, behind: end.nextOffset)
        segments.append(
            Segment(base: base, path: name(base), size: end.size, nextOffset: end.nextOffset, file: file))
        if end.size == 0 { segments[segments.count - 1].indexes = SegmentIndexes() }
        return outcome(file, end)
    }

    /// Keeps the segments behind the end of the log under other names.
    mutating func setAside(_ later: [Offset], behind end: Offset) throws(DiskError) {
        // Newest first, so that a power cut in between leaves no gap.
        for base in later.reversed() {
            report.tornTails.append(
                RecoveryReport.TornTail(
                    file: name(base), byte: 0, count: try disk.open(name(base), .read).size(),
                    cause: "the segment before it ends at offset \(end)"))
            try disk.rename(name(base), to: path + "/" + SegmentName.torn(base, at: 0))
        }
        if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(path) }
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
            file, from: floor.size, to: size, expecting: floor.nextOffset, countsChecksum: false)
        var end = floor
        var cause: String?
        scan: while true {
            switch try scanner.next() {
            case .good(let good):
                leaderEpoch = max(leaderEpoch, good.header.partitionLeaderEpoch)
                scanner.withBytes(of: good) { end.pass(good.header, $0) }
                meter?.scanned(good.size)
            case .end: break scan
            case .bad(let reason):
                cause = reason
                break scan
            }
        }
        report.scannedBytes += end.size - floor.size
        guard let cause else { return end }
        let torn = path + "/" + SegmentName.torn(floor.segmentBase, at: end.size)
        do throws(DiskError) {
            try keep(file, from: end.size, to: size, as: torn)
        } catch {
            // A full disk must not keep the log from opening; nothing acknowledged is in these bytes.
            if !error.isNoSpace { throw error }
            report.notes.append("No room to keep the torn bytes of \(name(floor.segmentBase)): \(error).")
        }
        if PlantedBug.tornTailKept.isActive {
            end.size = size
            return end
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

    mutating func begin(at base: Offset) throws(DiskError) -> Outcome {
        try clear(base)
        let file = try disk.open(name(base), .createEmpty)
        if !PlantedBug.noDirectorySync.isActive { try disk.syncDirectory(path) }
        segments.append(
            Segment(base: base, path: name(base), size: 0, nextOffset: base, indexes: SegmentIndexes(), file: file))
        let start = LogPosition(segmentBase: base, size: 0, checksum: 0, nextOffset: base)
        return outcome(file, start)
    }

    /// A segment of this base may have been closed without a batch: its seal is not true of the one that begins now, which the next
    /// start would not serve; and what its file holds is nobody's, and kept.
    private mutating func clear(_ base: Offset) throws(DiskError) {
        if try disk.kind(of: name(base)) == .file {
            let count = try disk.open(name(base), .read).size()
            if count > 0 {
                report.tornTails.append(
                    RecoveryReport.TornTail(
                        file: name(base), byte: 0, count: count,
                        cause: "no batch of it counts, and the log begins anew there"))
                try disk.rename(name(base), to: path + "/" + SegmentName.torn(base, at: 0))
            }
        }
        let seal = path + "/" + SegmentName.seal(base)
        if try disk.kind(of: seal) == .file { try disk.remove(seal) }
    }

    private func outcome(_ file: any DiskFile, _ end: LogPosition) -> Outcome {
        var first: Timestamp?
        if let mark, mark.segmentBase == end.segmentBase, mark.firstAppendTime.millisecondsSince1970 > 0 {
            first = mark.firstAppendTime
        }
        return Outcome(
            segments: segments, file: file, position: end, lastAppendTime: lastAppendTime, firstAppendTime: first,
            leaderEpoch: leaderEpoch,
            logStart: hasLogStart ? min(logStart, end.nextOffset) : segments.first?.base ?? .zero)
    }
}

extension SyncedEnd {
    /// The place up to which the segment was synced.
    var end: LogPosition {
        LogPosition(
            segmentBase: segmentBase, size: Int(syncedLength), checksum: logChecksum, nextOffset: syncedOffset,
            fingerprint: fingerprint)
    }
}
