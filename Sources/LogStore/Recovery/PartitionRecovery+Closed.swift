import RecordFormat

/// Segments that are not written any more.
extension PartitionRecovery {
    mutating func takeSealed(_ base: Offset, _ seal: SegmentSeal) throws(DiskError) {
        let file = try disk.open(name(base), .read)
        defer { file.close() }
        let size = try file.size()
        let end = seal.end
        expected = end.nextOffset
        lastAppendTime = max(lastAppendTime, seal.largestAppendTime)
        if try isForeign(end, to: file, size: size) {
            return note(damage(base, base..<end.nextOffset, 0, LogPosition.otherFile))
        }
        var readable = end
        if size > end.size {
            report.notes.append(
                "\(name(base)) is \(size - end.size) bytes longer than its seal says; they are not served.")
        } else if size < end.size {
            let walk = try walked(file, base: base, size: size, next: end.nextOffset)
            if walk.isWhole, walk.end.nextOffset == end.nextOffset {
                report.notes.append("\(path)/\(SegmentName.seal(base)) was an older one and is written anew.")
                try self.seal(walk.end, appendTimes: seal.smallestAppendTime...seal.largestAppendTime)
            }
            note(walk.holes(upTo: end.nextOffset, cause: Self.tooShort(size, end.size)), of: base)
            readable.size = size
        }
        take(readable, appendTimes: seal.smallestAppendTime...seal.largestAppendTime)
    }

    /// A sector that cannot be read must not keep the log from opening; whoever reads there gets the error.
    private mutating func isForeign(
        _ end: LogPosition, to file: any DiskFile, size: Int
    ) throws(DiskError) -> Bool {
        do throws(DiskError) { return try end.isForeign(to: file, size: size) } catch {
            if !error.isUnreadable { throw error }
            report.notes.append("\(name(end.segmentBase)) cannot be read everywhere: \(error).")
            return false
        }
    }

    /// A segment that must have had a seal: it is damaged or lost. The segment is read whole to learn what it holds.
    mutating func takeUnsealed(_ base: Offset, next: Offset) throws(DiskError) {
        let file = try disk.open(name(base), .read)
        defer { file.close() }
        let size = try file.size()
        let walk = try walked(file, base: base, size: size, next: next)
        // A repair may have ended it before a gap.
        let endsAtGap =
            walk.end.nextOffset < next && gaps.unknown(of: walk.end.nextOffset..<next).isEmpty
        let next = endsAtGap ? walk.end.nextOffset : next
        if walk.holes.isEmpty, walk.end.nextOffset >= next {
            report.notes.append("\(path)/\(SegmentName.seal(base)) was missing or damaged and is written anew.")
            try seal(walk.end, appendTimes: lastAppendTime...lastAppendTime)
        } else {
            note(walk.holes(upTo: next, cause: "the segment ends there"), of: base)
        }
        var end = walk.end
        end.size = size
        end.nextOffset = max(next, end.nextOffset)
        take(end)
        expected = end.nextOffset
    }

    mutating func walked(
        _ file: any DiskFile, base: Offset, size: Int, next: Offset
    ) throws(DiskError) -> SegmentWalk {
        var walk = SegmentWalk(file, base: base, size: size, next: next)
        let meter = meter
        try walk.run { good, _ in meter?.scanned(good.size) }
        report.scannedBytes += size
        return walk
    }

    static func tooShort(_ size: Int, _ synced: Int) -> String { "the file has \(size) bytes, \(synced) were synced" }

    /// Makes it known for good how a segment ended.
    func seal(_ end: LogPosition, appendTimes: ClosedRange<Timestamp>) throws(DiskError) {
        let seal = SegmentSeal(
            topicID: topicID, partition: partition, logChecksum: end.checksum, baseOffset: end.segmentBase,
            nextOffset: end.nextOffset, logSize: Int64(end.size), smallestAppendTime: appendTimes.lowerBound,
            largestAppendTime: appendTimes.upperBound, fingerprint: end.fingerprint)
        try disk.replace(path + "/" + SegmentName.seal(end.segmentBase), with: seal.encoded, in: path)
    }

    mutating func take(_ end: LogPosition, appendTimes: ClosedRange<Timestamp>? = nil) {
        segments.append(
            Segment(
                base: end.segmentBase, path: name(end.segmentBase), size: end.size, nextOffset: end.nextOffset,
                appendTimes: appendTimes))
    }
}

extension SegmentSeal {
    /// The place behind the segment's last batch.
    var end: LogPosition {
        LogPosition(
            segmentBase: baseOffset, size: Int(logSize), checksum: logChecksum, nextOffset: nextOffset,
            fingerprint: fingerprint)
    }
}
