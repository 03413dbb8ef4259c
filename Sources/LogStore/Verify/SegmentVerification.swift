import RecordFormat

/// Reads one segment whole and holds it against its seal or the durable mark.
struct SegmentVerification {
    let disk: any Disk
    let folder: String
    let base: Offset
    let known: KnownEnd

    private(set) var batches = 0
    private(set) var bytes = 0
    private(set) var damages: [RecoveryReport.Damage] = []
    private(set) var tornTails: [RecoveryReport.TornTail] = []
    private(set) var notes: [String] = []
    /// The log ends in this segment, whatever follows.
    private(set) var isTorn = false
    /// Where the next segment should begin.
    private(set) var nextOffset: Offset
    /// `nil` if the file is another one.
    private(set) var walk: SegmentWalk?
    private(set) var epochs = EpochRuns()
    /// The one thing that has changed in a segment of good batches.
    private(set) var changed: EpochRuns.Changed?
    /// The seal is an older one: the file has all offsets in fewer bytes.
    private(set) var hasOldSeal = false

    /// - Parameter log: the file's name.
    init(disk: any Disk, folder: String, base: Offset, known: KnownEnd, log: String) {
        path = folder + "/" + log
        self.disk = disk
        self.folder = folder
        self.base = base
        self.known = known
        nextOffset = max(base, known.end.nextOffset)
    }

    private let path: String

    mutating func run(_ file: any DiskFile, _ visit: ((ArraySlice<UInt8>) -> Void)?) throws(DiskError) {
        let size = try file.size()
        let floor = known.end
        noteSeal(size)
        if try floor.isForeign(to: file, size: size) {
            return note(base..<floor.nextOffset, 0, LogPosition.otherFile)
        }
        // Nothing behind a closed segment's end is ever served.
        let limit = known.kind == .closed ? min(size, floor.size) : size
        var walk = SegmentWalk(
            file, base: base, size: limit, next: walkedEnd, floor: known.kind == .open ? floor : nil,
            checked: known.hasChecksum ? floor.size : nil)
        try walk.run { good, batch in
            batches += 1
            bytes += good.size
            epochs.note(good)
            if let visit { visit(Array(batch)[...]) }
        }
        nextOffset = max(walk.end.nextOffset, floor.nextOffset)
        self.walk = walk
        judge(walk, size: size)
        if known.hasChecksum, damages.isEmpty, size >= floor.size, walk.checksum != floor.checksum {
            try noteChangedBytes(file)
        }
    }

    /// The medium refuses some of the bytes.
    mutating func noteUnreadable(_ error: DiskError) {
        damages = []
        note(base..<max(known.end.nextOffset, known.next ?? base), 0, "it cannot be read: \(error)")
        for place in damages.indices { damages[place].isUnreadable = true }
    }

    private var walkedEnd: Offset {
        switch known.kind {
        case .closed, .closedOnce: known.end.nextOffset
        case .open, .unmarked: known.next ?? .unknownEnd
        }
    }

    private mutating func judge(_ walk: SegmentWalk, size: Int) {
        let floor = known.end
        let tooEarly =
            floor.size > 0
            ? "the file has \(size) bytes, \(known.witness) says \(floor.size)" : "the segment ends there"
        for hole in walk.holes(upTo: floor.nextOffset, cause: tooEarly) {
            note(hole.offsets, hole.bytes.lowerBound, hole.cause)
        }
        if damages.isEmpty, size < floor.size {
            if known.kind == .closed {
                hasOldSeal = true
                notes.append("\(folder)/\(SegmentName.seal(base)) is an older one; the next start writes it anew.")
            } else {
                note(floor.nextOffset..<floor.nextOffset, size, tooEarly)
            }
        }
        if known.kind == .closed || known.kind == .closedOnce || !damages.isEmpty { return }
        if let cause = walk.failure {
            tornTails.append(
                RecoveryReport.TornTail(file: path, byte: walk.end.size, count: size - walk.end.size, cause: cause))
        }
        isTorn = walk.failure != nil || known.next.map { walk.end.nextOffset < $0 } ?? false
    }

    /// Each batch's own CRC does not cover its first twelve bytes. Their offset and length are found wrong by the walk; that
    /// leaves the leader epoch.
    private mutating func noteChangedBytes(_ file: any DiskFile) throws(DiskError) {
        if let changed = try epochs.changed(in: file, size: known.end.size, checksum: known.end.checksum) {
            self.changed = changed
            return note(
                changed.offsets, changed.byte,
                "the batch's leader epoch has changed from \(changed.right) to \(changed.found); its records are whole",
                isLoss: false)
        }
        note(
            base..<known.end.nextOffset, 0,
            "the bytes before a batch's CRC have changed, or it is another file (\(known.witness))")
    }

    private mutating func note(_ offsets: Range<Offset>, _ byte: Int, _ cause: String, isLoss: Bool = true) {
        damages.append(
            RecoveryReport.Damage(file: path, offsets: offsets, byte: byte, cause: cause, isLoss: isLoss))
    }

    private mutating func noteSeal(_ size: Int) {
        let seal = folder + "/" + SegmentName.seal(base)
        switch known.kind {
        case .closed:
            if size > known.end.size { notes.append("\(path) is longer than its seal says; the rest is not served.") }
        case .closedOnce: notes.append("\(seal) is missing, damaged or of another segment.")
        case .open, .unmarked: break
        }
    }
}
