import RecordFormat

/// Plans the repair of one partition's folder.
struct PartitionRepair {
    let disk: any Disk
    let path: String
    let name: TopicPartition
    let topicID: Identifier
    let mark: SyncedEnd?
    let aside: SetAside
    let now: Timestamp

    private(set) var steps: [PlannedStep] = []
    /// What no repair can put right.
    private(set) var left: [RecoveryReport.Damage] = []
    /// A compaction must be finished before anything else can be planned.
    private(set) var isUnfinished = false
    /// Where the log ends, if its last segment is good to its end.
    private(set) var end: LogPosition?
    private(set) var leaderEpoch: Int32 = 0
    private(set) var logStart: Offset = .zero
    private var lastAppendTime = Timestamp(millisecondsSince1970: 0)
    private var epochs = LeaderEpochs()

    init(
        _ folder: LogDirectory.IdentifiedFolder, topicID: Identifier, mark: SyncedEnd?, aside: SetAside, now: Timestamp,
        on disk: any Disk
    ) {
        self.disk = disk
        path = folder.path
        name = folder.name
        self.topicID = topicID
        self.mark = mark
        self.aside = aside
        self.now = now
    }

    mutating func plan(_ marks: PartitionRecovery.Marks) throws(DiskError) {
        let found = try InterruptedCompaction(
            disk.list(path), in: path, topicID: topicID, partition: name.partition, on: disk)
        if let swap = found.swaps.first {
            isUnfinished = true
            add(.rebuild, log(swap.base), because: "a compaction was interrupted, its replacement is whole") {
                [path] disk throws(DiskError) in
                _ = try found.finish(in: path, on: disk)
            }
            return
        }
        var verification = PartitionVerification(
            disk: disk, path: path, name: name, topicID: topicID, mark: mark, marks: marks)
        var segments: [SegmentVerification] = []
        try verification.run(nil, willRead: { _ in }) { segments.append($0) }
        let names = try disk.list(path)
        let report = verification.report
        logStart = verification.logStart
        try planMetadata()
        let waiting = try planWaiting(names, lost: report.damages.filter(\.isLoss).map(\.offsets))
        planGaps(report.damages, except: waiting)
        for segment in segments { try plan(segment) }
        planOverlaps(report.damages)
        try planCaches(names, segments)
        if let last = segments.last, last.damages.isEmpty, last.known.kind != .closed, last.walk?.isWhole == true {
            end = last.walk?.end
        }
    }

    /// For a log whose marks are all lost.
    var newMark: SyncedEnd? {
        guard mark == nil, let end else { return nil }
        return SyncedEnd(
            sequence: 0, topicID: topicID, partition: name.partition, logChecksum: end.checksum,
            segmentBase: end.segmentBase, syncedLength: Int64(end.size), syncedOffset: end.nextOffset,
            lastAppendTime: lastAppendTime, leaderEpoch: leaderEpoch,
            topicChecksum: SyncedEnd.topicChecksum(name.topic), logStart: logStart, fingerprint: end.fingerprint)
    }

    private func log(_ base: Offset) -> String { path + "/" + SegmentName.log(base) }

    private mutating func add(
        _ action: RepairStep.Action, _ file: String, _ offsets: Range<Offset>? = nil, because reason: String,
        _ take: @escaping (any Disk) throws(DiskError) -> Void
    ) {
        steps.append(PlannedStep(action, file, of: name, offsets, because: reason, take))
    }

    // MARK: What is lost

    /// Pieces of an earlier repair that was cut short: those whose offsets are nowhere else take their places.
    private mutating func planWaiting(_ names: [String], lost: [Range<Offset>]) throws(DiskError) -> [Range<Offset>] {
        var taken: [Range<Offset>] = []
        for name in names.sorted() {
            guard let base = SegmentName.base(of: name, suffix: SegmentName.repairedSuffix),
                lost.contains(where: { $0.contains(base) }), !names.contains(SegmentName.log(base))
            else { continue }
            let file = path + "/" + name
            let offsets = try Self.offsets(of: file, base: base, on: disk)
            if offsets.isEmpty { continue }
            taken.append(offsets)
            let sealing = sealing(appendTimes: markedTimes)
            add(.replace, log(base), offsets, because: "an earlier repair was cut short") {
                [path] disk throws(DiskError) in
                try disk.rename(file, to: path + "/" + SegmentName.log(base))
                try sealing(base, disk)
            }
        }
        return taken
    }

    private static func offsets(of path: String, base: Offset, on disk: any Disk) throws(DiskError) -> Range<Offset> {
        let file = try disk.open(path, .read)
        defer { file.close() }
        var walk = SegmentWalk(file, base: base, size: try file.size(), next: .unknownEnd)
        try walk.run()
        return walk.isWhole ? base..<walk.end.nextOffset : base..<base
    }

    private mutating func planGaps(_ damages: [RecoveryReport.Damage], except found: [Range<Offset>]) {
        for damage in damages where damage.isLoss && !damage.offsets.isEmpty {
            if damage.isUnreadable {
                left.append(
                    RecoveryReport.Damage(
                        partition: name, file: damage.file, offsets: damage.offsets, byte: damage.byte,
                        cause: "\(damage.cause); copy it from the disk with a rescue tool, then repair again"))
                continue
            }
            for lost in found.reduce([damage.offsets], { rest, found in rest.flatMap { $0.without(found) } }) {
                let gap = KnownGap(
                    topicID: topicID, partition: name.partition, offsets: lost, time: now, cause: damage.cause)
                let file = path + "/" + SegmentName.gap(lost.lowerBound)
                add(.recordGap, file, lost, because: damage.cause) { [path] disk throws(DiskError) in
                    try disk.replace(file, with: gap.encoded, in: path)
                }
            }
        }
    }

    // MARK: Segments

    private mutating func plan(_ segment: SegmentVerification) throws(DiskError) {
        segment.epochs.add(to: &epochs)
        leaderEpoch = max(leaderEpoch, epochs.latest ?? 0)
        let base = segment.base
        lastAppendTime = max(lastAppendTime, try times(of: base).upperBound)
        if let changed = segment.changed { return planEpoch(changed, of: base) }
        if segment.damages.contains(where: \.isUnreadable) { return }
        guard segment.damages.isEmpty else { return try planPieces(segment) }
        guard let walk = segment.walk else { return }
        if segment.hasOldSeal || segment.known.kind == .closedOnce {
            let sealing = sealing(appendTimes: try times(of: base))
            add(
                .rebuild, path + "/" + SegmentName.seal(base), base..<walk.end.nextOffset,
                because: "it is missing, damaged or an older one; the segment is whole"
            ) { disk throws(DiskError) in try sealing(base, disk) }
        } else if segment.known.kind == .closed, try !hasIndexes(base, walk.end) {
            let sealing = sealing(appendTimes: try times(of: base))
            add(.rebuild, path + "/" + SegmentName.index(base), because: "the segment's indexes are missing or damaged")
            {
                disk throws(DiskError) in try sealing(base, disk)
            }
        }
    }

    private mutating func planEpoch(_ changed: EpochRuns.Changed, of base: Offset) {
        let (file, path) = (log(base), path)
        add(
            .rebuild, file, changed.offsets,
            because: "the batch's leader epoch was \(changed.right); with it the segment's checksum fits"
        ) { [aside] disk throws(DiskError) in
            let source = try disk.open(file, .read)
            defer { source.close() }
            let mended = path + "/" + SegmentName.repaired(base)
            try Pieces.write(mended, on: disk, from: source, 0..<(try source.size()))
            let copy = try disk.open(mended, .readWrite)
            defer { copy.close() }
            try copy.writeAll(withUnsafeBytes(of: changed.right.bigEndian) { Array($0) }, at: changed.byte)
            try copy.sync()
            try aside.take(file, on: disk)
            try disk.rename(mended, to: file)
            try disk.syncDirectory(path)
        }
    }

    /// The order matters: what is good is durable under other names before the segment goes, and that is durable before it
    /// comes back in pieces. Cut short in between, the pieces wait (``planWaiting(_:lost:)``).
    private mutating func planPieces(_ segment: SegmentVerification) throws(DiskError) {
        let (base, path) = (segment.base, path)
        let files = SegmentName.removalOrder(of: base).filter {
            $0 != SegmentName.gap(base) && $0 != SegmentName.snapshot(base)
        }.map { path + "/" + $0 }
        let pieces = segment.walk.map { Pieces($0, base: base).pieces } ?? []
        let offsets = base..<max(base, segment.nextOffset)
        let sealing = sealing(appendTimes: try times(of: base))
        let reason = segment.damages.map(\.cause).first ?? ""
        let file = log(base)
        add(pieces.isEmpty ? .setAside : .replace, file, offsets, because: reason) {
            [aside] disk throws(DiskError) in
            let source = try disk.open(file, .read)
            defer { source.close() }
            for piece in pieces {
                try Pieces.write(
                    path + "/" + SegmentName.repaired(piece.offsets.lowerBound), on: disk, from: source, piece.bytes)
            }
            try disk.syncDirectory(path)
            for file in files { try aside.take(file, on: disk) }
            for piece in pieces {
                let base = piece.offsets.lowerBound
                try disk.rename(path + "/" + SegmentName.repaired(base), to: path + "/" + SegmentName.log(base))
            }
            try disk.syncDirectory(path)
            for piece in pieces { try sealing(piece.offsets.lowerBound, disk) }
        }
    }

    private mutating func planOverlaps(_ damages: [RecoveryReport.Damage]) {
        for damage in damages where !damage.isLoss && damage.isOverlap {
            add(.setAside, damage.file, damage.offsets, because: damage.cause) { [aside] disk throws(DiskError) in
                try aside.take(damage.file, on: disk)
            }
        }
    }

    // MARK: Seals and indexes

    private var markedTimes: ClosedRange<Timestamp> {
        guard let mark else { return Timestamp(millisecondsSince1970: 0)...Timestamp(millisecondsSince1970: 0) }
        return min(mark.firstAppendTime, mark.lastAppendTime)...mark.lastAppendTime
    }

    /// What the seal says; without one, what the mark says is not too early.
    private func times(of base: Offset) throws(DiskError) -> ClosedRange<Timestamp> {
        guard let bytes = try disk.readable(path + "/" + SegmentName.seal(base), limit: 4096),
            let seal = SegmentSeal(decoding: bytes)
        else { return markedTimes }
        return seal.smallestAppendTime...seal.largestAppendTime
    }

    /// Writes the indexes and the seal of a segment that is whole.
    private func sealing(
        appendTimes: ClosedRange<Timestamp>
    ) -> (_ base: Offset, _ disk: any Disk) throws(DiskError) -> Void {
        { [path, topicID, number = name.partition] base, disk throws(DiskError) in
            let file = try disk.open(path + "/" + SegmentName.log(base), .read)
            defer { file.close() }
            var walk = SegmentWalk(file, base: base, size: try file.size(), next: .unknownEnd)
            try walk.run()
            var indexes = SegmentIndexes()
            var producers: ProducerStates?
            // Without the producers nobody knows which transactions were aborted: then a reader builds the indexes.
            let reached = try indexes.walk(
                file, to: walk.end.size, base: base, from: base, producers: &producers,
                appendTime: appendTimes.upperBound)
            let sealed =
                reached == nil || indexes.end != walk.end.size ? nil : try indexes.write(base: base, in: path, on: disk)
            let seal = SegmentSeal(
                topicID: topicID, partition: number, logChecksum: walk.end.checksum, baseOffset: base,
                nextOffset: walk.end.nextOffset, logSize: Int64(walk.end.size),
                smallestAppendTime: appendTimes.lowerBound, largestAppendTime: appendTimes.upperBound, indexes: sealed,
                fingerprint: walk.end.fingerprint)
            try disk.replace(path + "/" + SegmentName.seal(base), with: seal.encoded, in: path)
        }
    }

    private func hasIndexes(_ base: Offset, _ end: LogPosition) throws(DiskError) -> Bool {
        guard let bytes = try disk.readable(path + "/" + SegmentName.seal(base), limit: 4096),
            let sealed = SegmentSeal(decoding: bytes)?.indexes
        else { return false }
        return try SegmentIndexes.load(
            disk, folder: path, base: base, logSize: end.size, endOffset: end.nextOffset, sealed: sealed) != nil
    }

    // MARK: The other files

    private mutating func planMetadata() throws(DiskError) {
        let file = path + "/" + PartitionMetadata.fileName
        let right = PartitionMetadata(topicID: topicID)
        let found = try disk.readable(file, limit: 4096)
        if found.flatMap({ PartitionMetadata(decoding: $0) }) == right { return }
        add(.rebuild, file, because: "it is missing, damaged or another folder's") {
            [path, aside] disk throws(DiskError) in
            try aside.take(file, on: disk)
            try disk.replace(file, with: right.encoded, in: path)
        }
    }

    private mutating func planCaches(_ names: [String], _ segments: [SegmentVerification]) throws(DiskError) {
        let owner = ProducerStates.Owner(topicID: topicID, partition: name.partition)
        for offset in ProducerSnapshots.offsets(names) {
            let file = path + "/" + SegmentName.snapshot(offset)
            let bytes = try disk.readable(file, limit: ProducerStates.snapshotSizeLimit)
            if bytes.flatMap({ ProducerStates(decodingSnapshot: $0, of: owner, at: offset) }) != nil { continue }
            let reason = "it is damaged, or another partition's; an older one and the log tell the same"
            add(.setAside, file, because: reason) {
                [aside] disk throws(DiskError) in try aside.take(file, on: disk)
            }
        }
        guard names.contains(LeaderEpochs.fileName) else { return }
        let file = path + "/" + LeaderEpochs.fileName
        let bytes = try disk.readable(file, limit: LeaderEpochs.sizeLimit)
        let found = bytes.flatMap { LeaderEpochs(decoding: $0) }
        let logEnd = segments.last?.nextOffset ?? .zero
        if let found, found.entries.last.map({ $0.start <= logEnd }) ?? true { return }
        add(.rebuild, file, because: "it is damaged; the batches tell the epochs") {
            [path, aside, epochs] disk throws(DiskError) in
            try aside.take(file, on: disk)
            try disk.replace(file, with: epochs.encoded, in: path)
        }
    }
}

extension Range<Offset> {
    /// What is left of it.
    func without(_ other: Range<Offset>) -> [Range<Offset>] {
        guard overlaps(other) else { return [self] }
        return [
            lowerBound..<Swift.max(lowerBound, other.lowerBound), Swift.min(upperBound, other.upperBound)..<upperBound,
        ].filter { !$0.isEmpty }
    }
}
